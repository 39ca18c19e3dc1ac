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
    private static readonly TimeSpan Edge = TimeSpan.FromMilliseconds(60);

    public static Hearing Of(string listener, Headset ears, Headset mouth, double expectedHz, double sentDbfs, CallStatistics leg)
    {
        var body = ears.Recording().Body(TimeSpan.Zero);
        var (level, snr) = MeasureWords(body, expectedHz);
        var delay = ears.HeardAt == 0 ? double.NaN
            : System.Diagnostics.Stopwatch.GetElapsedTime(mouth.SpokenAt, ears.HeardAt).TotalMilliseconds;
        return new Hearing(listener, expectedHz, body.StrongestFrequency(), level - sentDbfs, level, snr, delay, leg);
    }

    // Each word without its edges; all words together.
    private static (double Level, double Snr) MeasureWords(WavFile body, double hertz)
    {
        double signal = 0, noise = 0, start = 0;
        var words = 0;
        var rest = new SilenceGap(TimeSpan.FromSeconds((double)body.Samples.Length / body.SampleRate), TimeSpan.Zero);
        foreach (var gap in body.Gaps(Edge).Append(rest))
        {
            var (first, end) = (start + Edge.TotalSeconds, gap.Start.TotalSeconds - Edge.TotalSeconds);
            start = (gap.Start + gap.Length).TotalSeconds;
            if (end - first < 0.1)
                continue;
            var word = body with { Samples = body.Samples[(int)(first * body.SampleRate)..(int)(end * body.SampleRate)] };
            var report = word.Measure(hertz);
            words++;
            signal += Math.Pow(10, report.Levels[hertz] / 10);
            noise += Math.Pow(10, (report.Levels[hertz] - report.Snr) / 10);
        }

        return words == 0
            ? (double.NegativeInfinity, double.NegativeInfinity)
            : (10 * Math.Log10(signal / words), 10 * Math.Log10(signal / noise));
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
