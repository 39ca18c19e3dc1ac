namespace Atm0s.Sip.Media.Net;

/// <summary>What became of a bind, and whether another port is worth a try.</summary>
public enum MediaBindResult
{
    /// <summary>The socket is there.</summary>
    Bound,

    /// <summary>This port can't be had: somebody uses it, or we may not. Another one may be free.</summary>
    PortUnavailable,

    /// <summary>The address is not ours, or its family is not spoken here: no port of it can be had.</summary>
    AddressUnavailable,

    /// <summary>The process or the system has no more sockets or memory for them: no port at all can be had, for now.</summary>
    OutOfSockets,
}
