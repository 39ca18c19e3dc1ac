namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>What an Opus encoder is tuned for. The values are those of the Opus API.</summary>
public enum OpusApplication
{
    /// <summary>Speech: best intelligibility, in-band FEC possible.</summary>
    Voip = 2048,

    /// <summary>Faithful to the input, music included.</summary>
    Audio = 2049,

    /// <summary>Lowest delay; neither SILK nor in-band FEC.</summary>
    RestrictedLowDelay = 2051,
}
