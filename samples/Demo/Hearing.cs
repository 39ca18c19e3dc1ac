using System.Globalization;
using Atm0s.Sip;
using Atm0s.Sip.TestKit.Audio;

namespace Demo;

/// <summary>What one phone heard of the other, and whether that is good enough.</summary>
internal sealed record Hearing(string Listener, double Expected, double Frequency, double LevelError, double Level, double Snr,
    double DelayMilliseconds, CallStatistics Leg)
{
    // Opus is in the path of both.
    private const double LeastSnr = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150); // shorter is a hole in a word

    public static Hearing Of(string listener, Headset ears, Headset mouth, double expectedHz, double sentDbfs, CallStatistics leg)
    {
        var body = ears.Recording().Body(TimeSpan.Zero);
        var (level, snr) = MeasureWords(body, expectedHz);
        var delay = ears.HeardAt == 0 ? double.NaN
            : System.Diagnostics.Stopwatch.GetElapsedTime(mouth.SpokenAt, ears.HeardAt).TotalMilliseconds;
        return new Hearing(listener, expectedHz, body.StrongestFrequency(), level - sentDbfs, level, snr, delay, leg);
    }

    // All words without their edges, in whole blocks; less the noisiest fifth, for a busy machine skips or repeats a frame now and then.
    private static (double Level, double Snr) MeasureWords(WavFile body, double hertz)
    {
        var samples = new List<float>();
        var (edge, block) = (body.SampleRate / 20, body.SampleRate / 10);
        var first = 0;
        foreach (
            var gap in body.Gaps(Pause)
            .Append(new SilenceGap(TimeSpan.FromSeconds((double)body.Samples.Length / body.SampleRate), TimeSpan.Zero)))
        {
            var end = (int)(gap.Start.TotalSeconds * body.SampleRate);
            var length = (end - first - (2 * edge)) / block * block;
            if (length > 0)
                samples.AddRange(body.Samples.AsSpan(first + edge, length));
            first = (int)((gap.Start + gap.Length).TotalSeconds * body.SampleRate);
        }

        if (samples.Count == 0)
            return (double.NegativeInfinity, double.NegativeInfinity);
        var report = (body with { Samples = [.. samples] }).Measure(leaveOut: 0.2, [hertz]);
        return (report.Levels[hertz], report.Snr);
    }

    public bool IsGood => Math.Abs(Frequency - Expected) <= 2 && Math.Abs(LevelError) <= 1 && Snr >= LeastSnr;

    public static string Header =>
        "  phone   codec   sent   received   lost   jitter   hears       level        SNR       one-way";

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"  {Listener,-6}  {Leg.Codec,-5}  {Leg.PacketsSent,5}   {Leg.PacketsReceived,8}   {Leg.PacketsLost,4}   "
            + $"{Leg.JitterMilliseconds,3:F1} ms   {Frequency,6:F1} Hz   {Level,6:F2} dBFS   {Snr,4:F1} dB   {DelayMilliseconds,4:F0} ms "
            + $"  {(IsGood ? "ok" : "NOT GOOD ENOUGH")}");
}
