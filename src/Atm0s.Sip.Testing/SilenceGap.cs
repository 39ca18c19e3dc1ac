namespace Atm0s.Sip.Testing;

/// <summary>A stretch of silence.</summary>
/// <param name="Start">From the beginning of the audio.</param>
/// <param name="Length">How long.</param>
public readonly record struct SilenceGap(TimeSpan Start, TimeSpan Length);
