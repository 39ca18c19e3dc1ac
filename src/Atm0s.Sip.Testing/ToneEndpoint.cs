using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Testing;

/// <summary>A voice in a test: says a tone while <see cref="IsSpeaking"/>, and keeps everything it hears. Any thread may look at it.</summary>
/// <param name="frequency">Hz.</param>
/// <param name="sampleRate">Hz.</param>
/// <param name="levelDbfs">Level of the tone's peak.</param>
public sealed class ToneEndpoint(double frequency, int sampleRate = 8000, double levelDbfs = -12) : IPcmEndpoint
{
    private readonly double _amplitude = 32767 * Math.Pow(10, levelDbfs / 20);
    private readonly Lock _lock = new();
    private readonly List<float> _heard = [];
    private long _sample;

    /// <inheritdoc/>
    public int SampleRate => sampleRate;

    /// <summary>Whether it speaks. Default true.</summary>
    public bool IsSpeaking { get; set; } = true;

    /// <summary>What it heard so far.</summary>
    public WavFile Recording
    {
        get
        {
            lock (_lock)
                return new WavFile(sampleRate, [.. _heard]);
        }
    }

    /// <inheritdoc/>
    public bool Read(Span<short> frame)
    {
        if (!IsSpeaking)
            return false;
        for (var i = 0; i < frame.Length; i++)
            frame[i] = (short)Math.Round(_amplitude * Math.Sin(Math.Tau * frequency * _sample++ / sampleRate));
        return true;
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<short> frame)
    {
        lock (_lock)
        {
            foreach (var sample in frame)
                _heard.Add(sample / 32768f);
        }
    }
}
