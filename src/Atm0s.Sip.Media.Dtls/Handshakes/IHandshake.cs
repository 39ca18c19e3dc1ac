namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>Who wants a place among the handshakes. Neither method may wait.</summary>
internal interface IHandshake
{
    /// <summary>Network of the peer, whose handshakes share their places; 0 when it is not known.</summary>
    ulong Network { get; }

    /// <summary>It has a place now. Called with the lock of the places held.</summary>
    void OnPlace();

    /// <summary>It is to end, for others who wait; it gives its place back when it has. Called without the lock.</summary>
    void GiveWay();
}
