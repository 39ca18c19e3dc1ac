namespace Atm0s.Sip.Doctor.Loopback;

/// <summary>What became of a tone.</summary>
internal sealed record ToneResult
{
    /// <summary>Why there was no call, or null.</summary>
    public string? Problem { get; init; }

    /// <summary>Hz that were said.</summary>
    public double SaidFrequency { get; init; }

    /// <summary>Level of what was said, dBov.</summary>
    public double SaidLevel { get; init; }

    /// <summary>Hz that were heard.</summary>
    public double Frequency { get; init; }

    /// <summary>Level of what was heard, dBov.</summary>
    public double Level { get; init; }

    /// <summary>From mouth to ear.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Share of the packets that did not come, 0 to 1.</summary>
    public double LossShare { get; init; }

    /// <summary>The codec.</summary>
    public string Codec { get; init; } = "";
}
