using Atm0s.Sip.Calls.Dialogs;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Calls.Debts;

/// <summary>Who has sent an INVITE: told what comes of it, while it is wanted. On the call's shard.</summary>
internal interface ISentInviteUser
{
    /// <summary>
    /// A provisional response but 100.
    /// </summary>
    /// <param name="invite">The INVITE.</param>
    /// <param name="dialog">The early dialog that it makes or belongs to; null when it makes none.</param>
    /// <param name="response">The response.</param>
    /// <param name="isReliable">Whether it is acknowledged (RFC 3262): then a description in it is the answer, and not only foretells
    /// it.</param>
    void OnProvisional(SentInvite invite, CallDialog? dialog, SipMessage response, bool isReliable);

    /// <summary>The first 2xx. It is acknowledged, and its dialog is confirmed.</summary>
    void OnAnswered(SentInvite invite, CallDialog dialog, SipMessage response);

    /// <summary>A final failure, once.</summary>
    /// <param name="invite">The INVITE.</param>
    /// <param name="status">300 to 699; 408 when nothing came, 503 when nothing could be sent (RFC 3261 §8.1.3.1).</param>
    /// <param name="response">The response, or null.</param>
    void OnFailed(SentInvite invite, int status, SipMessage? response);
}
