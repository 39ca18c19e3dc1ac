namespace Atm0s.Sip.Media.Rtp;

/// <summary>How losses lie in a stream (RFC 3611 §4.7.1, §4.7.2). All zero before the first packet.</summary>
/// <param name="LossRate">Packets lost, of all, 0 to 1.</param>
/// <param name="DiscardRate">Packets that came but could not be played, of all, 0 to 1.</param>
/// <param name="BurstDensity">Packets lost or discarded in bursts, of all packets in bursts, 0 to 1.</param>
/// <param name="GapDensity">Packets lost or discarded in gaps, of all packets in gaps, 0 to 1/17.</param>
/// <param name="BurstDuration">Mean length of a burst; zero when there was none.</param>
/// <param name="GapDuration">
/// Mean length of a gap, as the definition has it (the example of §4.7.2 shows the sum of two); zero when there was none.
/// </param>
public readonly record struct BurstGapMetrics(
    double LossRate, double DiscardRate, double BurstDensity, double GapDensity, TimeSpan BurstDuration, TimeSpan GapDuration);
