using Atm0s.Sip.MediaQuality.Lines;
using Atm0s.Sip.MediaQuality.Signals;
using Atm0s.Sip.MediaQuality.Streams;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.MediaQuality.Analysis;

/// <summary>What a pair of codecs makes of tones and speech on a clean line.</summary>
/// <param name="Level">Level heard less level said at 1 kHz, in dB.</param>
/// <param name="Ripple">Largest difference to that from 300 to 3,300 Hz, in dB.</param>
/// <param name="Lowest">Lowest tone that is at most 3 dB softer, in Hz.</param>
/// <param name="Highest">Highest tone that is at most 3 dB softer, in Hz.</param>
/// <param name="Snr">Signal to noise of a tone of 1 kHz, in dB.</param>
/// <param name="Delay">What the bridge added, in ms: the middle.</param>
internal sealed record PairResult(double Level, double Ripple, double Lowest, double Highest, double Snr, double Delay)
{
    /// <summary>Level of the tones' peaks in dBFS.</summary>
    public const double ToneLevel = -10;

    /// <summary>Speech before the tones, which tells where they are.</summary>
    public static readonly TimeSpan Preamble = TimeSpan.FromSeconds(5);

    /// <summary>What is said: speech, then tones.</summary>
    public static float[] Signal { get; } = [.. Speech.Say(Preamble), .. Tones.All(ToneLevel)];

    /// <summary>Measures.</summary>
    public static PairResult? Of(Talker said, IReadOnlyList<Arrival> sent, Heard heard)
    {
        var preamble = (int)(Preamble.TotalSeconds * Speech.Rate);
        var speech = said.Ideal[..preamble];
        var matches = Alignment.Find(LineResult.Telephone(speech), LineResult.Telephone(heard.Samples), Speech.Rate);
        var delays = LineResult.Of(said, sent, heard).Delays;
        if (matches.Count == 0)
            return null;
        var lag = matches[^1].Heard - matches[^1].Position;
        var length = (int)(Tones.Length.TotalSeconds * Speech.Rate);
        var levels = new Dictionary<double, double>();
        double snr = 0;
        for (var i = 0; i < Tones.Frequencies.Count; i++)
        {
            var hz = Tones.Frequencies[i];
            var from = Math.Clamp(preamble + (i * length) + lag + (length / 5), 0, heard.Samples.Length);
            var piece = heard.Samples[from..Math.Min(heard.Samples.Length, from + (length * 3 / 5))];
            var report = new WavFile(Speech.Rate, piece).Measure(hz);
            levels[hz] = report.Levels[hz] - ToneLevel;
            snr = i == 0 ? report.Snr : snr;
        }

        var level = levels[1000];
        var passed = levels.Where(tone => tone.Value >= level - 3).Select(tone => tone.Key).ToArray();
        var ripple = levels.Where(tone => tone.Key is >= 300 and <= 3300).Max(tone => Math.Abs(tone.Value - level));
        return new PairResult(level, ripple, passed.Min(), passed.Max(), snr, Decibels.Percentile(delays, 50));
    }
}
