using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;

namespace Atm0s.Sip.Core.Tests.Parsing;

/// <summary>What the parser makes of a datagram, in one word: accept, the status it is answered with, or drop.</summary>
internal static class Outcome
{
    public const string Accept = "accept";
    public const string Drop = "drop";

    public static string Of(ReadOnlySpan<byte> bytes, out SipRefusal refusal, bool isStream = false)
    {
        if (!SipParser.TryParse(bytes, SipLimits.Default, isStream, out var message, out refusal))
            return Drop;
        using (message)
            return refusal == SipRefusal.None ? Accept : refusal.ToStatusCode().ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
