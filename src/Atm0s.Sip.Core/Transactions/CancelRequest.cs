using System.Diagnostics.CodeAnalysis;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>The CANCEL of an INVITE (RFC 3261 §9.1). <see cref="InviteClientTransaction.TryCancel"/> knows when one may be sent.</summary>
internal static class CancelRequest
{
    /// <summary>Builds the CANCEL: same Request-URI, top Via, Route, From, To, Call-ID and CSeq number, and why.</summary>
    /// <param name="invite">The whole INVITE as it was sent.</param>
    /// <param name="cancel">The whole CANCEL.</param>
    /// <param name="reason">Value of Reason (RFC 3326), or null.</param>
    /// <returns>False when <paramref name="invite"/> is no INVITE that can be read.</returns>
    public static bool TryCreate(ReadOnlySpan<byte> invite, [NotNullWhen(true)] out byte[]? cancel, string? reason = null)
    {
        cancel = null;
        if (!SipParser.TryParse(invite, OwnMessages.Limits, isStream: false, out var original, out _))
            return false;
        using (original)
        {
            if (original.Method != SipMethod.Invite || !original.TryGetHeader(SipHeaderId.To, out var to))
                return false;
            cancel = HopByHopRequest.Write(original, SipMethod.Cancel, to, reason);
            return true;
        }
    }
}
