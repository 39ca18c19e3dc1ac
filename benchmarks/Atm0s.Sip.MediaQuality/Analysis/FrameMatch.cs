namespace Atm0s.Sip.MediaQuality.Analysis;

/// <summary>A frame of 20 ms of what was said, and how it was heard.</summary>
/// <param name="Position">First sample of what was said, at 48 kHz.</param>
/// <param name="Heard">First sample of what was heard.</param>
/// <param name="Snr">Signal to difference, in dB.</param>
/// <param name="IsSilent">Whether next to nothing was heard in its place.</param>
internal readonly record struct FrameMatch(int Position, int Heard, double Snr, bool IsSilent)
{
    /// <summary>SNR from which a frame counts as heard as it was said: below, it was made up, cut or stretched.</summary>
    public const double Intact = 10;

    /// <summary>Whether it was heard as it was said.</summary>
    public bool IsIntact => Snr >= Intact;
}
