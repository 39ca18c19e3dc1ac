using Atm0s.Sip.Media.Srtp;

namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>Our side of a handshake, as the association sees it.</summary>
internal interface IHandshakePeer
{
    /// <summary>The keys; null until the handshake is complete.</summary>
    SrtpKeys? Keys { get; }

    /// <summary>Bytes that the body of a protected record has at least, by the suite agreed on.</summary>
    int MinProtected { get; }

    /// <summary>Whether the peer has said that the association is over: an authentic alert that is fatal.</summary>
    bool IsFailedByPeer { get; }

    /// <summary>Whether the peer has said close_notify.</summary>
    bool IsClosedByPeer { get; }
}
