namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>Idle > (Greeting >) Waiting > Handshaking > Established > Ended; from each of them to Ended.</summary>
internal enum AssociationState
{
    /// <summary>Nothing has begun: a ClientHello with its cookie, or the start, begins.</summary>
    Idle,

    /// <summary>As client: our ClientHello goes out again and again until somebody answers. It needs no thread.</summary>
    Greeting,

    /// <summary>The peer is there; a place among the handshakes is waited for.</summary>
    Waiting,

    /// <summary>A thread does the handshake.</summary>
    Handshaking,

    /// <summary>There are keys.</summary>
    Established,

    /// <summary>It has failed, was closed or disposed of.</summary>
    Ended,
}
