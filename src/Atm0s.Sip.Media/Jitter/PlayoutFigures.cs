namespace Atm0s.Sip.Media.Jitter;

/// <summary>What became of the audio of a stream, over all its time lines.</summary>
internal sealed class PlayoutFigures
{
    private const int UnitsPerSecond = 48_000; // whole for every sample rate in use

    private long _played;
    private long _concealed;
    private long _inserted;
    private long _removed;

    public TimeSpan Played => ToTime(_played);

    public TimeSpan Concealed => ToTime(_concealed);

    public TimeSpan Inserted => ToTime(_inserted);

    public TimeSpan Removed => ToTime(_removed);

    /// <summary>Packets of audio that came and were not played.</summary>
    public long Discarded { get; set; }

    /// <summary>Time lines given up for another one.</summary>
    public long Resyncs { get; set; }

    public void CountPlayed(long samples, int sampleRate) => _played += ToUnits(samples, sampleRate);

    public void CountConcealed(long samples, int sampleRate) => _concealed += ToUnits(samples, sampleRate);

    public void CountInserted(long samples, int sampleRate) => _inserted += ToUnits(samples, sampleRate);

    public void CountRemoved(long samples, int sampleRate) => _removed += ToUnits(samples, sampleRate);

    private static long ToUnits(long samples, int sampleRate) => samples * UnitsPerSecond / sampleRate;

    private static TimeSpan ToTime(long units) => new(units * TimeSpan.TicksPerMillisecond / (UnitsPerSecond / 1000));
}
