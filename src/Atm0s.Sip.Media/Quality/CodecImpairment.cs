namespace Atm0s.Sip.Media.Quality;

/// <summary>What a codec takes from the quality of a call (ITU-T G.113).</summary>
/// <param name="Impairment">Ie, what the coding alone costs: 0 (nothing) to 95.</param>
/// <param name="LossRobustness">Bpl, how well losses are concealed: above 0, the more the better.</param>
public readonly record struct CodecImpairment(double Impairment, double LossRobustness)
{
    /// <summary>What G.107 assumes of a codec that it knows nothing of; also G.711 without any concealment (G.113 table I.4).</summary>
    public static CodecImpairment Default { get; } = new(0, 4.3);

    /// <summary>G.711 with the concealment of its Appendix I (G.113 table I.4).</summary>
    public static CodecImpairment G711 { get; } = new(0, 25.1);

    /// <summary>
    /// G.722. On the scale of narrow-band telephony it costs nothing, and its greater width is not counted. No robustness is published for
    /// that scale: losses are concealed as those of G.711, whose figure stands in.
    /// </summary>
    public static CodecImpairment G722 { get; } = G711;

    /// <summary>L16, concealed as G.711.</summary>
    public static CodecImpairment L16 { get; } = G711;

    /// <summary>
    /// Opus in wide band: no impairment on the scale of narrow-band telephony, and the robustness measured by Al-Ahmadi, Pocta and Melvin
    /// (2021) at 13 kbit/s without in-band FEC. What FEC brings back is not to be counted as lost.
    /// </summary>
    public static CodecImpairment Opus { get; } = new(0, 19.5);

    /// <summary>Finds the figures of a codec.</summary>
    /// <param name="name">Encoding name, any case, for example <c>PCMA</c>.</param>
    /// <returns>Its figures, or <see cref="Default"/> for a codec that is not known.</returns>
    public static CodecImpairment Of(ReadOnlySpan<char> name)
    {
        if (Is(name, "PCMA") || Is(name, "PCMU"))
            return G711;
        if (Is(name, "G722"))
            return G722;
        if (Is(name, "L16"))
            return L16;
        return Is(name, "opus") ? Opus : Default;
    }

    private static bool Is(ReadOnlySpan<char> name, string known) => name.Equals(known, StringComparison.OrdinalIgnoreCase);
}
