using Atm0s.Sip.Media.Audio;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Docs.Tests.HowTo;

/// <summary>A phone's user who listens, and may say a tone.</summary>
internal sealed class Ear : IPcmEndpoint
{
    private int _loud;
    private int _quiet;
    private int _sample;

    public int SampleRate => 8000;

    public bool IsSpeaking { get; set; }

    /// <summary>200 ms of sound.</summary>
    public bool HasHeardSound => Volatile.Read(ref _loud) >= 10;

    /// <summary>400 ms of silence.</summary>
    public bool IsSilent => Volatile.Read(ref _quiet) >= 20;

    public void Forget() => Volatile.Write(ref _loud, 0);

    public bool Read(Span<short> frame)
    {
        for (var i = 0; i < frame.Length; i++)
            frame[i] = (short)(8000 * Math.Sin(Math.Tau * 440 * _sample++ / 8000));
        return IsSpeaking;
    }

    public void Write(ReadOnlySpan<short> frame)
    {
        var isLoud = AudioLevel.Measure(frame) < 50;
        Volatile.Write(ref _loud, _loud + (isLoud ? 1 : 0));
        Volatile.Write(ref _quiet, isLoud ? 0 : _quiet + 1);
    }
}
