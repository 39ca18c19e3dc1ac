namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>A place that somebody has, or waits for.</summary>
/// <param name="handshake">Who.</param>
/// <param name="share">Whose share it is of.</param>
internal sealed class HandshakePlace(IHandshake handshake, HandshakeShare share)
{
    /// <summary>Whose it is.</summary>
    public IHandshake Handshake { get; } = handshake;

    /// <summary>Whose share it is of.</summary>
    public HandshakeShare Share { get; } = share;

    /// <summary>When the place was taken; null while it is waited for.</summary>
    public long? Taken { get; set; }

    /// <summary>Whether it was told to give way.</summary>
    public bool GivesWay { get; set; }
}
