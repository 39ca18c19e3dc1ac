namespace Atm0s.Sip.Testing;

/// <summary>Makes test tones.</summary>
public static class ToneSource
{
    /// <summary>A sine. <paramref name="levelDbfs"/>: 0 is a sine that just reaches full scale.</summary>
    public static WavFile Sine(double frequency, TimeSpan duration, int sampleRate = 8000, double levelDbfs = -12)
    {
        var samples = new float[(int)(duration.TotalSeconds * sampleRate)];
        var amplitude = Math.Pow(10, levelDbfs / 20);
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (float)(amplitude * Math.Sin(2 * Math.PI * frequency * i / sampleRate));
        return new WavFile(sampleRate, samples);
    }

    /// <summary>The sum of several signals of the same rate, as long as the shortest.</summary>
    public static WavFile Sum(params WavFile[] parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var sum = new float[parts.Min(part => part.Samples.Length)];
        foreach (var part in parts)
        {
            for (var i = 0; i < sum.Length; i++)
                sum[i] += part.Samples[i];
        }

        return new WavFile(parts[0].SampleRate, sum);
    }
}
