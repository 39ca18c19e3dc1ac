namespace Atm0s.Sip.Core.Transport;

/// <summary>Transport protocol of SIP (RFC 3261 §18).</summary>
public enum SipTransportProtocol : byte
{
    /// <summary>Datagrams; transactions retransmit.</summary>
    Udp,

    /// <summary>Streams.</summary>
    Tcp,
}
