using Atm0s.Sip.Media.Audio;
using Atm0s.Sip.Media.ComfortNoise;

namespace Atm0s.Sip.Bots;

/// <summary>
/// Tells when others begin to talk, and when they have stopped: 60 ms of voice in a row begin it, half a second without ends it. The
/// tick's; allocates nothing.
/// </summary>
/// <param name="sampleRate">Of what is heard, in Hz.</param>
internal sealed class TalkWatch(int sampleRate)
{
    private const double Margin = 6;    // dB over the noise
    private const double Faintest = -54; // dBov
    private const int BeginFrames = 3;
    private const int EndFrames = 25;

    private readonly VoiceActivity _voice = new(sampleRate);
    private int _loud;      // frames in a row
    private int _quiet;

    /// <summary>Whether somebody talks.</summary>
    public bool IsTalking { get; private set; }

    /// <summary>Hears 20 ms.</summary>
    /// <returns>Whether <see cref="IsTalking"/> has changed.</returns>
    public bool Hear(ReadOnlySpan<short> frame)
    {
        _voice.Process(frame);
        var isLoud = -AudioLevel.Measure(frame) > Math.Max(_voice.NoiseLevel + Margin, Faintest);
        (_loud, _quiet) = isLoud ? (_loud + 1, 0) : (0, _quiet + 1);
        var talks = IsTalking ? _quiet < EndFrames : _loud >= BeginFrames;
        if (talks == IsTalking)
            return false;
        IsTalking = talks;
        return true;
    }
}
