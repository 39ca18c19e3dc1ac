namespace Atm0s.Sip.Hooks;

/// <summary>How audio stands in a media stream.</summary>
public enum MediaStreamEncoding
{
    /// <summary><c>audio/x-mulaw</c>, 8 kHz: what every bot of this kind understands.</summary>
    MuLaw8000,

    /// <summary><c>audio/x-l16</c>, 16-bit samples, little-endian, 16 kHz. An extension of ours.</summary>
    L16At16000,

    /// <summary><c>audio/x-l16</c>, 16-bit samples, little-endian, 24 kHz. An extension of ours.</summary>
    L16At24000,
}
