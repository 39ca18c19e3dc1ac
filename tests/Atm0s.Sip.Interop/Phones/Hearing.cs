using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Interop.Phones;

/// <summary>What a recording must have in it.</summary>
internal static class Hearing
{
    private const double Absent = -45; // dBFS

    /// <summary>These phones are clocked by sleeps on a shared machine: a skipped frame spoils a block of the measurement.</summary>
    private const double Disturbed = 0.3;

    /// <summary>The tone at <paramref name="hz"/>, as loud as it was sent, and little else.</summary>
    public static void AssertTone(WavFile heard, double hz, double snr, string who, double minimumSeconds = 1.5)
    {
        Assert.That(heard.Duration.TotalSeconds, Is.GreaterThan(minimumSeconds), $"{who}: seconds of sound");
        var strongest = heard.StrongestFrequency();
        var report = heard.Measure(Disturbed, [strongest]);
        TestContext.Out.WriteLine($"{who} heard {report}, {heard.Duration.TotalSeconds:0.0} s, gaps {heard.Gaps(TimeSpan.FromMilliseconds(20)).Count}");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(strongest, Is.EqualTo(hz).Within(2), $"{who}: frequency");
            Assert.That(report.Levels[strongest], Is.EqualTo(PhoneOptions.ToneDbfs).Within(1), $"{who}: level");
            Assert.That(report.Snr, Is.GreaterThanOrEqualTo(snr), $"{who}: SNR");
        }
    }

    /// <summary>All tones of <paramref name="present"/> as loud as sent, and not <paramref name="absent"/>.</summary>
    public static void AssertSum(WavFile heard, double[] present, double absent, double snr, string who)
    {
        Assert.That(heard.Duration.TotalSeconds, Is.GreaterThan(1), $"{who}: seconds of sound");
        var report = heard.Measure(Disturbed, [.. present, absent]);
        TestContext.Out.WriteLine($"{who} heard {report}, {heard.Duration.TotalSeconds:0.0} s");
        using (Assert.EnterMultipleScope())
        {
            foreach (var hz in present) Assert.That(report.Levels[hz], Is.EqualTo(PhoneOptions.ToneDbfs).Within(1), $"{who}: level of {hz} Hz");
            Assert.That(report.Levels[absent], Is.LessThan(Absent), $"{who} hears itself");
            Assert.That(report.Snr, Is.GreaterThanOrEqualTo(snr), $"{who}: SNR");
        }
    }
}
