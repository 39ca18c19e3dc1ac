using Atm0s.Sip.MediaQuality.Signals;
using Atm0s.Sip.MediaQuality.Streams;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.MediaQuality.Analysis;

/// <summary>What is heard in place of single frames that were lost, and of nothing else.</summary>
/// <param name="Snr">Mean SNR of those frames, each within -10 and 35 dB.</param>
/// <param name="Distance">Mean distance of their logarithmic spectra from those of what was lost, in dB.</param>
/// <param name="Frames">How many there were.</param>
internal sealed record LostFrameResult(double Snr, double Distance, int Frames)
{
    private const int Frame = 960;
    private const int Lower = 160;

    /// <summary>Compares each lost frame.</summary>
    /// <param name="talker">Who said it.</param>
    /// <param name="lost">Which packets were lost.</param>
    /// <param name="heard">What was heard, at 48 kHz, where it is in <paramref name="talker"/> plus <paramref name="lag"/>.</param>
    /// <param name="lag">In samples.</param>
    public static LostFrameResult Of(Talker talker, IReadOnlyList<int> lost, float[] heard, int lag)
    {
        var ideal = LineResult.Telephone(talker.Ideal);
        heard = LineResult.Telephone(heard);
        var (snrs, distances) = (new List<double>(), new List<double>());
        foreach (var packet in lost)
        {
            var at = packet * Frame;
            if (at < 2 * Speech.Rate || at + Frame > ideal.Length || at + lag + Frame > heard.Length)
                continue;
            var (said, got) = (new float[Lower], new float[Lower]);
            double signal = 1e-12, noise = 1e-12;
            for (var i = 0; i < Lower; i++)
            {
                (said[i], got[i]) = (ideal[at + (6 * i)], heard[at + lag + (6 * i)]);
                signal += said[i] * said[i];
                noise += (said[i] - got[i]) * (said[i] - got[i]);
            }

            if (Decibels.Of(signal / Lower) < -45)
                continue;
            snrs.Add(Math.Clamp(Decibels.Of(signal / noise), -10, 35));
            distances.Add(Apart(said, got));
        }

        return snrs.Count == 0
            ? new LostFrameResult(double.NaN, double.NaN, 0)
            : new LostFrameResult(snrs.Average(), distances.Average(), snrs.Count);
    }

    // Bands of 100 Hz from 100 to 3,700 Hz; nothing is deeper than 60 dB below full scale.
    private static double Apart(float[] said, float[] got)
    {
        double sum = 0;
        var bands = 0;
        for (double hz = 100; hz <= 3700; hz += 100, bands++)
        {
            var difference = Math.Max(-60, FrameLevel.At(said, hz)) - Math.Max(-60, FrameLevel.At(got, hz));
            sum += difference * difference;
        }

        return Math.Sqrt(sum / bands);
    }
}
