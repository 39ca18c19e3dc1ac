namespace Atm0s.Sip.Core.Transport;

/// <summary>Transport protocol of SIP (RFC 3261 §18, RFC 7118).</summary>
public enum SipTransportProtocol : byte
{
    /// <summary>Datagrams; transactions retransmit.</summary>
    Udp,

    /// <summary>Streams.</summary>
    Tcp,

    /// <summary>Streams under TLS (RFC 3261 §26.2.1).</summary>
    Tls,

    /// <summary>WebSocket in the clear (RFC 7118).</summary>
    Ws,

    /// <summary>WebSocket under TLS (RFC 7118).</summary>
    Wss,
}
