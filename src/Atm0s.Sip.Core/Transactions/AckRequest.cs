using System.Diagnostics.CodeAnalysis;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>
/// The ACK of a non-2xx response (RFC 3261 §17.1.1.3): hop by hop, part of the INVITE's transaction. That of a 2xx is a request
/// within the dialog instead.
/// </summary>
internal static class AckRequest
{
    /// <summary>Builds the ACK.</summary>
    /// <param name="invite">The whole INVITE as it was sent.</param>
    /// <param name="response">The 300-699 response to it.</param>
    /// <param name="ack">The whole ACK.</param>
    /// <returns>False when <paramref name="invite"/> is no INVITE that can be read.</returns>
    public static bool TryCreate(ReadOnlySpan<byte> invite, SipMessage response, [NotNullWhen(true)] out byte[]? ack)
    {
        ArgumentNullException.ThrowIfNull(response);
        ack = null;
        // RFC 3261 §17.1.1.3: the To header field equals that of the response.
        if (!response.TryGetHeader(SipHeaderId.To, out var to)
            || !SipParser.TryParse(invite, OwnMessages.Limits, isStream: false, out var original, out _))
            return false;
        using (original)
        {
            if (original.Method != SipMethod.Invite)
                return false;
            ack = HopByHopRequest.Write(original, SipMethod.Ack, to);
            return true;
        }
    }
}
