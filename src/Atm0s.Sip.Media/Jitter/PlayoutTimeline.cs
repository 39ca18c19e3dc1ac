namespace Atm0s.Sip.Media.Jitter;

/// <summary>
/// Which samples are read at which tick: arithmetic, no state but one fixed point. A packet is needed whole at the tick that reads its
/// first sample, so waits are measured against that tick and not against the moment at which the sample sounds.
/// </summary>
internal sealed class PlayoutTimeline(int sampleRate)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    /// <summary>Samples read at each tick.</summary>
    public int Frame { get; } = sampleRate / 50;

    /// <summary>Position of the first sample that <see cref="Tick"/> reads.</summary>
    public long Next { get; private set; }

    /// <summary>The tick under way, or the one to come.</summary>
    public TimeSpan Tick { get; private set; }

    /// <summary>Fixes the time line: this position is read at that tick.</summary>
    public void Fix(long position, TimeSpan tick) => (Next, Tick) = (position, tick);

    /// <summary>A tick begins; when ticks were left out, everything is read as much later.</summary>
    public void Begin(TimeSpan tick) => Tick = tick;

    /// <summary>A frame was read.</summary>
    public void Advance() => (Next, Tick) = (Next + Frame, Tick + Period);

    /// <summary>Samples were put in (positive: everything is read later) or left out (negative).</summary>
    public void Shift(int samples) => Next -= samples;

    /// <summary>The tick that needs a packet that starts here.</summary>
    public TimeSpan ReadAt(long position)
    {
        var ticks = Math.DivRem(position - Next, Frame, out var rest);
        return Tick + ((rest < 0 ? ticks - 1 : ticks) * Period);
    }

    /// <summary>Milliseconds of media up to a position.</summary>
    public double Milliseconds(long position) => position * 1000.0 / sampleRate;

    /// <summary>How much later the clock is than the media: what a transit time is compared with.</summary>
    public double Lag => Tick.TotalMilliseconds - Milliseconds(Next);
}
