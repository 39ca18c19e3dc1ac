namespace Atm0s.Sip.Media.Tests;

/// <summary>Test signals and how to measure them.</summary>
internal static class Tone
{
    public static short[] Make(double frequency, int rate, int samples, double amplitude, int start = 0)
    {
        var pcm = new short[samples];
        for (var i = 0; i < samples; i++)
            pcm[i] = (short)Math.Round(amplitude * Math.Sin(2 * Math.PI * frequency * (start + i) / rate));
        return pcm;
    }

    /// <summary>
    /// A voice-like signal: pulses at a slowly moving pitch, rung through three resonances; in syllables of 0.3 s if wanted.
    /// </summary>
    public static short[] MakeVoice(int rate, int samples, double pitch = 140, bool syllables = false)
    {
        var signal = new double[samples];
        double phase = 0;
        for (var i = 0; i < samples; i++)
        {
            var f = pitch * (1 + (0.05 * Math.Sin(2 * Math.PI * 0.7 * i / rate)));
            phase += f / rate;
            if (phase < 1)
                continue;
            phase -= 1;
            signal[i] = 1;
        }

        var sum = new double[samples];
        foreach (var (formant, width, gain) in new[] { (600.0, 80.0, 1.0), (1100.0, 100.0, 0.6), (2500.0, 150.0, 0.3) })
        {
            var r = Math.Exp(-Math.PI * width / rate);
            var (a1, a2) = (2 * r * Math.Cos(2 * Math.PI * formant / rate), -r * r);
            double y1 = 0, y2 = 0;
            for (var i = 0; i < samples; i++)
            {
                var y = signal[i] + (a1 * y1) + (a2 * y2);
                (y2, y1) = (y1, y);
                sum[i] += gain * y * Math.Sin(2 * Math.PI * formant / rate);
            }
        }

        var scale = 12_000 / sum.Max(Math.Abs);
        if (!syllables)
            return [.. sum.Select(s => (short)Math.Round(s * scale))];
        return [.. sum.Select((s, i) => (short)Math.Round(s * scale * Math.Max(0.002, Math.Sin(2 * Math.PI * i / (0.3 * rate)))))];
    }

    /// <summary>Amplitude and phase of one frequency; the window should hold whole periods.</summary>
    public static (double Amplitude, double Phase) Measure(ReadOnlySpan<short> pcm, double frequency, int rate)
    {
        double cosine = 0, sine = 0;
        for (var i = 0; i < pcm.Length; i++)
        {
            var angle = 2 * Math.PI * frequency * i / rate;
            cosine += pcm[i] * Math.Cos(angle);
            sine += pcm[i] * Math.Sin(angle);
        }

        cosine *= 2.0 / pcm.Length;
        sine *= 2.0 / pcm.Length;
        return (Math.Sqrt((cosine * cosine) + (sine * sine)), Math.Atan2(cosine, sine));
    }

    public static double SignalToErrorDb(ReadOnlySpan<short> expected, ReadOnlySpan<short> actual)
    {
        double signal = 0, error = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            signal += (double)expected[i] * expected[i];
            error += Math.Pow(expected[i] - actual[i], 2);
        }

        return 10 * Math.Log10(signal / Math.Max(error, 1e-9));
    }

    public static double Rms(ReadOnlySpan<short> pcm)
    {
        double sum = 0;
        foreach (var s in pcm)
            sum += (double)s * s;
        return Math.Sqrt(sum / pcm.Length);
    }

    public static double Db(double ratio) => 20 * Math.Log10(Math.Max(ratio, 1e-12));
}
