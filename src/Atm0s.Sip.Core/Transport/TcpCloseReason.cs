namespace Atm0s.Sip.Core.Transport;

/// <summary>Why a TCP connection was closed. The name is the tag of the metric.</summary>
internal enum TcpCloseReason : byte
{
    /// <summary>It is open.</summary>
    None,

    /// <summary>The peer closed it.</summary>
    PeerClosed,

    /// <summary>The network reported an error.</summary>
    Failed,

    /// <summary>It could not be opened.</summary>
    NotReached,

    /// <summary>The handshake of TLS failed, or was not done in <see cref="Tls.SipTlsOptions.HandshakeTimeout"/>.</summary>
    NotSecured,

    /// <summary>Nothing ever came in <see cref="SipListenerOptions.FirstMessageTimeout"/>.</summary>
    NeverSpoke,

    /// <summary>Nothing came in <see cref="SipListenerOptions.IdleTimeout"/>, and nobody depends on it.</summary>
    Idle,

    /// <summary>A message was begun and not completed in <see cref="SipListenerOptions.MessageTimeout"/>.</summary>
    SlowMessage,

    /// <summary>The peer took nothing of what we send in <see cref="SipListenerOptions.SendTimeout"/>.</summary>
    StalledSend,

    /// <summary>The peer does not answer our pings any more (RFC 5626 §4.4.1).</summary>
    NoPong,

    /// <summary>What the peer sends can't be followed.</summary>
    Unreadable,

    /// <summary>No room to keep a half-received message, or the rest of one that is half sent.</summary>
    NoMemory,

    /// <summary>It gave way to a new connection when there were too many.</summary>
    GaveWay,

    /// <summary>The listener stops.</summary>
    Stopped,
}
