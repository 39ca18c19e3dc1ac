using System.Diagnostics;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.TestKit.Audio;

namespace Demo;

/// <summary>What a phone of the demo says, a tone from <see cref="Speak"/> on, and everything it hears.</summary>
internal sealed class Headset(int sampleRate, double frequency, double levelDbfs) : IPcmEndpoint
{
    private const int Loud = 800;

    private readonly Lock _lock = new();
    private readonly List<float> _heard = [];
    private readonly double _amplitude = short.MaxValue * Math.Pow(10, levelDbfs / 20);
    private volatile bool _speaking;
    private long _sample;

    public int SampleRate => sampleRate;

    /// <summary>When the first sample of the tone was taken from the microphone; 0 before.</summary>
    public long SpokenAt { get; private set; }

    /// <summary>When the first loud sample came out of the loudspeaker; 0 before.</summary>
    public long HeardAt { get; private set; }

    public void Speak() => _speaking = true;

    public void Hush() => _speaking = false;

    public bool Read(Span<short> frame)
    {
        if (!_speaking)
            return false;
        if (SpokenAt == 0)
            SpokenAt = Stopwatch.GetTimestamp();
        for (var i = 0; i < frame.Length; i++)
            frame[i] = (short)Math.Round(_amplitude * Math.Sin(Math.Tau * frequency * _sample++ / sampleRate));
        return true;
    }

    public void Write(ReadOnlySpan<short> frame)
    {
        lock (_lock)
        {
            foreach (var sample in frame)
                _heard.Add(sample / 32768f);
        }

        if (HeardAt == 0 && frame.ContainsAnyExceptInRange((short)-Loud, (short)Loud))
            HeardAt = Stopwatch.GetTimestamp();
    }

    public WavFile Recording()
    {
        lock (_lock)
            return new WavFile(sampleRate, [.. _heard]);
    }
}
