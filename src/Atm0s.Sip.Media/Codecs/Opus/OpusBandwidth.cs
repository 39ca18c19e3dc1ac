namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>How much of the spectrum an Opus stream carries (RFC 6716 §2, Table 1). The values are those of the Opus API.</summary>
public enum OpusBandwidth
{
    /// <summary>Up to 4 kHz.</summary>
    Narrow = 1101,

    /// <summary>Up to 6 kHz.</summary>
    Medium = 1102,

    /// <summary>Up to 8 kHz.</summary>
    Wide = 1103,

    /// <summary>Up to 12 kHz.</summary>
    SuperWide = 1104,

    /// <summary>Up to 20 kHz.</summary>
    Full = 1105,
}
