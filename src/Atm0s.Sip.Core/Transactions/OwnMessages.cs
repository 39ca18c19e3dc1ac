using Atm0s.Sip.Core.Parsing;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>Limits for reading back messages that this element has written itself.</summary>
internal static class OwnMessages
{
    // RFC 3261 §17.1.1.2: every 300-699 is acknowledged, however large the application made the INVITE: the limits for strangers do
    // not apply to what we wrote.
    internal static SipLimits Limits { get; } = new()
    {
        MaxMessageSize = int.MaxValue,
        MaxHeaders = int.MaxValue,
        MaxHeaderLength = int.MaxValue,
        MaxUriLength = int.MaxValue,
    };
}
