namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>Idle > Handshaking > Established > Ended; from each of them to Ended.</summary>
internal enum AssociationState
{
    /// <summary>Nothing has begun: a ClientHello with its cookie, or the start, begins.</summary>
    Idle,

    /// <summary>A thread does the handshake.</summary>
    Handshaking,

    /// <summary>There are keys.</summary>
    Established,

    /// <summary>It has failed, was closed or disposed of.</summary>
    Ended,
}
