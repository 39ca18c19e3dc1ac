using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>
/// Reads the To tag back out of a response of ours; RFC 2543 peers make this necessary, and a CANCEL of what is answered.
/// </summary>
internal static class ResponseTag
{
    internal static byte[]? Read(ReadOnlySpan<byte> response)
    {
        if (!SipParser.TryParse(response, OwnMessages.Limits, isStream: false, out var message, out _))
            return null;
        using (message)
            return message.ToTag.ToArray();
    }
}
