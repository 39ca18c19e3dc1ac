namespace Atm0s.Sip.Diagnostics.Metrics;

/// <summary>Values of the tag <c>outcome</c> where there are two: RFC 6076 never puts them into one figure.</summary>
internal static class Outcomes
{
    public static string Of(bool isSuccess) => isSuccess ? "success" : "failure";
}
