using System.Diagnostics;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.TestKit.Audio;

namespace Demo;

/// <summary>
/// What a phone of the demo says from <see cref="Speak"/> on, and everything it hears. It says a tone in words of half a second: a tone
/// that never pauses is
/// noise to a codec for speech, which then spends nothing on it.
/// </summary>
internal sealed class Headset(int sampleRate, double frequency, double levelDbfs) : IPcmEndpoint
{
    private const int Loud = 800;
    private const double Word = 0.5; // s
    private const double Pause = 0.2;

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
        for (var i = 0; i < frame.Length; i++, _sample++)
        {
            var time = (double)_sample / sampleRate;
            frame[i] = time % (Word + Pause) < Word ? (short)Math.Round(_amplitude * Math.Sin(Math.Tau * frequency * time)) : (short)0;
        }

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
