namespace Atm0s.Sip.Media.Dtls;

/// <summary>Why the audio of a call can't go on.</summary>
public enum MediaFailure
{
    /// <summary>The peer's certificate is not the one that its description named (RFC 5763 §6.2).</summary>
    FingerprintMismatch,

    /// <summary>No protection profile of SRTP in common (RFC 5764 §4.1).</summary>
    NoCommonProfile,

    /// <summary>The handshake failed otherwise: versions, cipher suites, what is no DTLS.</summary>
    HandshakeFailed,

    /// <summary>The handshake took too long.</summary>
    HandshakeTimedOut,

    /// <summary>More handshakes are under way than the provider allows.</summary>
    Overloaded,

    /// <summary>The peer has ended the association (close_notify), and not the call.</summary>
    PeerClosed,

    /// <summary>The peer's checks have stopped (RFC 7675): nothing more may be sent to it.</summary>
    ConsentLost,
}
