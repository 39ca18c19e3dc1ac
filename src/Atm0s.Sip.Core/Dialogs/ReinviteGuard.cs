using Atm0s.Sip.Core.Requests;

namespace Atm0s.Sip.Core.Dialogs;

/// <summary>Keeps INVITEs of one dialog apart: one at a time over both directions (RFC 3261 §14.1, §14.2).</summary>
internal sealed class ReinviteGuard
{
    /// <summary>Whether an INVITE of ours has no final response yet.</summary>
    public bool IsOwnPending { get; private set; }

    /// <summary>Whether an INVITE of the peer has no final response from us yet.</summary>
    public bool IsPeerPending { get; private set; }

    /// <summary>§14.1: whether we may send an INVITE now.</summary>
    public bool CanSend => !IsOwnPending && !IsPeerPending;

    /// <summary>An INVITE of the peer arrived.</summary>
    /// <returns><see cref="ReinviteVerdict.Ok"/> makes it pending; otherwise refuse it as the verdict says.</returns>
    public ReinviteVerdict OnPeerInvite()
    {
        // RFC 3261 §14.2: a second INVITE before the final response to the first: 500.
        if (IsPeerPending)
            return ReinviteVerdict.PeerPending;
        // RFC 3261 §14.2: an INVITE while one of ours is in progress: 491.
        if (IsOwnPending)
            return ReinviteVerdict.OwnPending;
        IsPeerPending = true;
        return ReinviteVerdict.Ok;
    }

    /// <summary>We have sent the final response to the peer's INVITE.</summary>
    public void OnPeerInviteAnswered() => IsPeerPending = false;

    /// <summary>We send an INVITE.</summary>
    /// <exception cref="InvalidOperationException"><see cref="CanSend"/> is false.</exception>
    public void OnOwnInvite()
    {
        if (!CanSend)
            throw new InvalidOperationException("Another INVITE is pending within the dialog.");
        IsOwnPending = true;
    }

    /// <summary>Our INVITE has its final response, has timed out or could not be sent.</summary>
    public void OnOwnInviteAnswered() => IsOwnPending = false;

    /// <summary>§14.1: how long to wait after a 491 before our INVITE is tried again.</summary>
    /// <param name="ownsCallId"><see cref="SipDialog.OwnsCallId"/>.</param>
    /// <param name="ids">Source of randomness.</param>
    /// <returns>2.1 to 4 s for the owner of the Call-ID, 0 to 2 s for the other side, in steps of 10 ms.</returns>
    public static TimeSpan BackOff(bool ownsCallId, ISipIdGenerator ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return TimeSpan.FromMilliseconds(ownsCallId ? 2100 + (10 * ids.Next(191)) : 10 * ids.Next(201));
    }

    /// <summary>§14.2: the Retry-After of a 500 for <see cref="ReinviteVerdict.PeerPending"/>.</summary>
    /// <param name="ids">Source of randomness.</param>
    /// <returns>0 to 10 seconds.</returns>
    public static int RetryAfterSeconds(ISipIdGenerator ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return ids.Next(11);
    }
}
