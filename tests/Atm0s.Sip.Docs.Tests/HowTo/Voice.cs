using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Docs.Tests.HowTo;

/// <summary>Says a tone, and knows which tone it hears now.</summary>
/// <param name="frequency">Hz.</param>
internal sealed class Voice(double frequency) : IPcmEndpoint
{
    private readonly ToneEndpoint _tone = new(frequency);
    private readonly Lock _lock = new();

    public double Frequency => frequency;

    public int SampleRate => _tone.SampleRate;

    /// <summary>Whether the last fifth of a second was the tone of somebody else, and no more than some noise beside it.</summary>
    public bool Hears(Voice other)
    {
        WavFile last;
        lock (_lock)
            last = _tone.Recording.End(TimeSpan.FromMilliseconds(200));
        if (last.Samples.Length < 1600)
            return false;
        var report = last.Measure(other.Frequency);
        return report.Levels[other.Frequency] > -30 && report.Snr > 15;
    }

    public bool Read(Span<short> frame)
    {
        lock (_lock)
            return _tone.Read(frame);
    }

    public void Write(ReadOnlySpan<short> frame)
    {
        lock (_lock)
            _tone.Write(frame);
    }
}
