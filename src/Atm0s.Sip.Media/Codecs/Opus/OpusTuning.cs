namespace Atm0s.Sip.Media.Codecs.Opus;

/// <summary>What of an Opus encoder changes while it runs.</summary>
/// <param name="Bitrate">Bits per second.</param>
/// <param name="Complexity">Effort, 0 to 10.</param>
/// <param name="UseInBandFec">Whether packets may carry a coarse copy of the frame before.</param>
/// <param name="ExpectedLossPercent">Loss to prepare for, 0 to 100.</param>
public readonly record struct OpusTuning(int Bitrate, int Complexity, bool UseInBandFec, int ExpectedLossPercent)
{
    /// <summary>What an encoder begins with.</summary>
    /// <param name="options">Its options.</param>
    internal static OpusTuning Of(OpusEncoderOptions options) =>
        new(options.Bitrate, options.Complexity, options.UseInBandFec, options.ExpectedLossPercent);
}
