namespace Atm0s.Sip.Testing;

/// <summary>What was found of the tones looked for.</summary>
/// <param name="Levels">Level of each tone in dBFS (0 = a sine that reaches full scale), by frequency in Hz.</param>
/// <param name="Snr">All these tones together over everything else, in dB.</param>
public sealed record ToneReport(IReadOnlyDictionary<double, double> Levels, double Snr)
{
    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(", ", Levels.Select(tone => $"{tone.Key:0.0} Hz {tone.Value:0.0} dBFS")) + $", SNR {Snr:0.0} dB";
}
