namespace Atm0s.Sip.Media.Tests.Jitter;

/// <summary>What a buffer made of a trace.</summary>
/// <param name="Concealed">Share of the time in which something was made up.</param>
/// <param name="NeverPlayed">Share of the audio that came and was not played.</param>
/// <param name="Delay">Mean time from sending to playing, in ms.</param>
/// <param name="Stretches">Changes of the delay per minute.</param>
internal sealed record TraceResult(double Concealed, double NeverPlayed, double Delay, double Stretches)
{
    public override string ToString() => FormattableString.Invariant(
        $"concealed {100 * Concealed:F3} %, never played {100 * NeverPlayed:F3} %, D {Delay:F1} ms, {Stretches:F1} changes/min");
}
