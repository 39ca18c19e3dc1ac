namespace Atm0s.Sip.Hooks;

/// <summary>Why a call ended.</summary>
public enum CallEndCause
{
    /// <summary>The phone hung up (BYE).</summary>
    RemoteHangup,

    /// <summary>The host ended the call.</summary>
    LocalHangup,

    /// <summary>The caller gave up before the call was answered (CANCEL).</summary>
    Cancelled,

    /// <summary>The called side is busy (486, 600).</summary>
    Busy,

    /// <summary>The called side declined (403, 603).</summary>
    Declined,

    /// <summary>Nobody answered in time (408, 480, ring or wait time-out).</summary>
    NoAnswer,

    /// <summary>The phone can't be reached: not registered any more, no response, connection lost, 404 or 410.</summary>
    Gone,

    /// <summary>The host refused the call.</summary>
    Rejected,

    /// <summary>All other members have left the room.</summary>
    OthersLeft,

    /// <summary>No audio packet came for the configured time.</summary>
    MediaTimeout,

    /// <summary>The 200 was never acknowledged (RFC 3261 §13.3.1.4).</summary>
    AckTimeout,

    /// <summary>No common codec, or a session description that can't be used (488).</summary>
    MediaNegotiation,

    /// <summary>The other side refused our credentials, or asked for some that we do not have (401, 407).</summary>
    Unauthorized,

    /// <summary>The host's handler failed or took too long.</summary>
    HandlerFailed,

    /// <summary>
    /// The host sent the caller elsewhere (300, 302), or the called side did and was not followed (<see cref="CallFailure.Contacts"/>).
    /// </summary>
    Redirected,

    /// <summary>The phone had itself transferred (REFER): the others are connected without it.</summary>
    Transferred,

    /// <summary>The host transferred the phone elsewhere, and it got there.</summary>
    TransferredByUs,

    /// <summary>
    /// Another call came into the room under the same participant id, or took the place of this one (INVITE with Replaces, RFC 3891).
    /// </summary>
    Replaced,

    /// <summary>The call was not refreshed in time (session timer, RFC 4028 §10).</summary>
    SessionExpired,

    /// <summary>The server stops.</summary>
    Shutdown,

    /// <summary>Another failure; the status code and the reason say which.</summary>
    Failed,

    /// <summary>
    /// The audio can't be encrypted as it must be: the other side does not, or not any more, or the handshake for the keys has failed.
    /// </summary>
    EncryptionFailed,
}
