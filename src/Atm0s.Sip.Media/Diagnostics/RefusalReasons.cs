namespace Atm0s.Sip.Media.Diagnostics;

/// <summary>Names of the reasons in metrics, in the order of the enum.</summary>
internal static class RefusalReasons
{
    public static readonly string[] Names =
        ["invalid", "payload_type", "source", "probation", "duplicate", "too_late", "not_receiving", "unauthentic"];
}
