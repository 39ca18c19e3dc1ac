namespace Atm0s.Sip.MediaQuality.Signals;

/// <summary>
/// Somebody who talks, synthesised: syllables of a glottal pulse with its own pitch contour through three formants, hisses between them,
/// breath, and pauses between phrases. 48 kHz. The same for the same seed; no two seconds are alike, so that any piece of it is found again
/// in what was heard.
/// </summary>
internal sealed class Speech(int seed)
{
    /// <summary>Samples per second.</summary>
    public const int Rate = 48_000;

    private readonly Random _random = new(seed);
    private readonly double[] _y1 = new double[3];
    private readonly double[] _y2 = new double[3];
    private double _phase;
    private double _hiss;

    /// <summary>Speaks.</summary>
    /// <param name="duration">How long.</param>
    /// <param name="dbov">Level while it speaks, pauses left out (0 = a square of full scale).</param>
    /// <param name="seed">Whose voice and which words.</param>
    public static float[] Say(TimeSpan duration, double dbov = -26, int seed = 1) =>
        new Speech(seed).Say((int)(duration.TotalSeconds * Rate), dbov);

    private float[] Say(int length, double dbov)
    {
        var samples = new float[length];
        var loud = new bool[length];
        var pitch = 90 + (110 * _random.NextDouble());
        for (var at = 0; at < length;)
        {
            for (var syllables = 3 + _random.Next(7); syllables > 0 && at < length; syllables--)
                at = Syllable(samples, loud, at, pitch);
            at += (int)(Rate * (0.15 + (0.5 * _random.NextDouble())));
        }

        // The level is that of the loud part; peaks stay below full scale.
        double power = 0;
        var count = 0;
        for (var i = 0; i < length; i++)
        {
            power += loud[i] ? samples[i] * samples[i] : 0;
            count += loud[i] ? 1 : 0;
        }

        var gain = Math.Pow(10, dbov / 20) / Math.Sqrt(power / Math.Max(1, count));
        for (var i = 0; i < length; i++)
            samples[i] = (float)Math.Clamp(samples[i] * gain, -0.99, 0.99);
        return samples;
    }

    private int Syllable(float[] samples, bool[] loud, int at, double pitch)
    {
        if (_random.Next(3) == 0)
            at = Sound(samples, loud, at, 0.04 + (0.07 * _random.NextDouble()), 0, []);
        double[] formants = [300 + (500 * _random.NextDouble()), 900 + (1200 * _random.NextDouble()), 2300 + (900 * _random.NextDouble())];
        return Sound(samples, loud, at, 0.09 + (0.16 * _random.NextDouble()), pitch * (0.8 + (0.4 * _random.NextDouble())), formants);
    }

    private int Sound(float[] samples, bool[] loud, int at, double seconds, double pitch, double[] formants)
    {
        var length = (int)(seconds * Rate);
        var glide = (_random.NextDouble() - 0.6) * 0.3 * pitch;
        for (var i = 0; i < length && at < samples.Length; i++, at++)
        {
            var envelope = Math.Sin(Math.PI * i / length);
            var noise = _random.NextDouble() - 0.5;
            double output = 0;
            if (formants.Length == 0)
            {
                output = 0.25 * (noise - _hiss);
                _hiss = noise;
            }
            else
            {
                _phase += (pitch + (glide * i / length)) / Rate;
                var excitation = 0.01 * noise;
                if (_phase >= 1)
                {
                    _phase -= 1;
                    excitation += 1 + (0.1 * noise);
                }

                for (var k = 0; k < 3; k++)
                    output += Resonate(k, excitation, formants[k]) * (1 - (0.35 * k)) * 0.06;
            }

            samples[at] += (float)(output * envelope);
            loud[at] = true;
        }

        return at;
    }

    private double Resonate(int formant, double excitation, double hz)
    {
        var radius = Math.Exp(-Math.PI * (70 + (35 * formant)) / Rate);
        var output = excitation + (2 * radius * Math.Cos(Math.Tau * hz / Rate) * _y1[formant]) - (radius * radius * _y2[formant]);
        (_y2[formant], _y1[formant]) = (_y1[formant], output);
        return output;
    }
}
