namespace Atm0s.Sip.Benchmarks.Media;

/// <summary>A voice-like signal at 48 kHz, so that an encoder works as in a call.</summary>
internal static class Voice
{
    public static short[] Make(int samples)
    {
        var signal = new short[samples];
        double phase = 0;
        for (var i = 0; i < samples; i++)
        {
            phase += (140 + (20 * Math.Sin(i / 9000.0))) / 48_000;
            var envelope = 0.6 + (0.4 * Math.Sin(i / 7000.0));
            double sample = 0;
            for (var harmonic = 1; harmonic <= 24; harmonic++)
                sample += Math.Sin(2 * Math.PI * harmonic * phase) / (1 + Math.Abs(harmonic - 5));
            signal[i] = (short)(4000 * envelope * sample);
        }

        return signal;
    }
}
