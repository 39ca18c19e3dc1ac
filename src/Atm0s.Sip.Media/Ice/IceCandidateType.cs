namespace Atm0s.Sip.Media.Ice;

/// <summary>How an address came to be known (RFC 8445 §5.1.1).</summary>
public enum IceCandidateType
{
    /// <summary><c>host</c>: of an interface.</summary>
    Host,

    /// <summary><c>srflx</c>: as a STUN server sees it.</summary>
    ServerReflexive,

    /// <summary><c>prflx</c>: as the peer sees it.</summary>
    PeerReflexive,

    /// <summary><c>relay</c>: of a TURN server.</summary>
    Relayed,
}
