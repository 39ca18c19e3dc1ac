using Atm0s.Sip.Core.Parsing;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>Limits for reading back messages that this element has written itself.</summary>
internal static class OwnMessages
{
    internal static SipLimits Limits { get; } = new();
}
