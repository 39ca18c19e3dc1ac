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

    public static Hearing Of(string listener, Headset ears, Headset mouth, double expectedHz, double sentDbfs, CallStatistics leg)
    {
        var body = ears.Recording().Body(TimeSpan.FromMilliseconds(200));
        var level = body.Samples.Length == 0 ? double.NegativeInfinity : body.Measure(expectedHz).Levels[expectedHz];
        var snr = body.Samples.Length == 0 ? double.NegativeInfinity : body.Measure(expectedHz).Snr;
        var delay = ears.HeardAt == 0 ? double.NaN
            : System.Diagnostics.Stopwatch.GetElapsedTime(mouth.SpokenAt, ears.HeardAt).TotalMilliseconds;
        return new Hearing(listener, expectedHz, body.StrongestFrequency(), level - sentDbfs, level, snr, delay, leg);
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
