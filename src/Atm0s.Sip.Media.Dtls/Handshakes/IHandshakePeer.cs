using Atm0s.Sip.Media.Srtp;

namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>Our side of a handshake, as the association sees it.</summary>
internal interface IHandshakePeer
{
    /// <summary>The keys; null until the handshake is complete.</summary>
    SrtpKeys? Keys { get; }

    /// <summary>Whether the peer has said close_notify.</summary>
    bool IsClosedByPeer { get; }
}
