namespace Atm0s.Sip.Hooks;

/// <summary>Where the keys of encrypted audio come from.</summary>
public enum MediaKeyExchange
{
    /// <summary>
    /// As the way there suggests: DTLS over WebSocket, which browsers want; the session description where signalling is encrypted; else
    /// DTLS, where encryption is required.
    /// </summary>
    Automatic,

    /// <summary>The session description (SDES, RFC 4568): whoever reads the signalling has them, every server on the way too.</summary>
    Sdes,

    /// <summary>A handshake on the path of the audio (DTLS-SRTP, RFC 5763).</summary>
    Dtls,
}
