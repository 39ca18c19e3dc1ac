namespace Atm0s.Sip.TestKit.Audio;

/// <summary>One frequency in a piece of sound too short for more: 20 ms tell it from others that are 150 Hz away.</summary>
public static class FrameLevel
{
    /// <summary>Level in dBFS (0 = a sine that just reaches full scale), seen through a Hann window.</summary>
    public static double At(ReadOnlySpan<float> frame, double hz, int sampleRate = 8000)
    {
        double cosine = 0, sine = 0;
        for (var i = 0; i < frame.Length; i++)
        {
            var sample = frame[i] * (1 - Math.Cos(Math.Tau * i / frame.Length));
            var (s, c) = Math.SinCos(Math.Tau * hz * i / sampleRate);
            (sine, cosine) = (sine + (sample * s), cosine + (sample * c));
        }

        return 20 * Math.Log10((2 * Math.Sqrt((cosine * cosine) + (sine * sine)) / Math.Max(1, frame.Length)) + 1e-9);
    }
}
