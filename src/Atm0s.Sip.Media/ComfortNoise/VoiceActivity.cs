using Atm0s.Sip.Media.Audio;

namespace Atm0s.Sip.Media.ComfortNoise;

/// <summary>
/// Tells voice from pauses by level alone: a frame that stands out of the noise, and what follows it for 200 ms. The noise is the quietest
/// that was heard in the last two seconds. What is louder than -40 dBov is never taken for noise, so music and ringing tones are not cut.
/// One caller at a time; allocates nothing.
/// </summary>
public sealed class VoiceActivity
{
    private const double Margin = 6;          // dB over the noise
    private const double Faintest = -65;      // dBov: nothing below is voice
    private const double LoudestNoise = -46;  // dBov
    private const double FirstNoise = -60;    // dBov, until two seconds were heard
    private const int Windows = 8;
    private const int WindowMilliseconds = 250;
    private const int HangoverMilliseconds = 200;
    private const int ShortHangoverMilliseconds = 60;
    private const int VoiceMilliseconds = 60; // what is shorter is a click and gets the short hangover

    private readonly int _sampleRate;
    private readonly double _pole; // of the high-pass
    private readonly double[] _quietest = new double[Windows];
    private int _window;
    private int _windowSamples;
    private int _voiceSamples;     // in a row
    private int _hangover;         // samples still to be taken for voice
    private double _filtered;      // the last sample through the high-pass, and as it came
    private double _last;

    /// <summary>Makes a detector that takes what it hears first for voice.</summary>
    /// <param name="sampleRate">In Hz, 8000 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">Below 8000.</exception>
    public VoiceActivity(int sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 8000);
        _sampleRate = sampleRate;
        _pole = 1 - (2 * Math.PI * 40 / sampleRate);
        _quietest.AsSpan().Fill(FirstNoise);
    }

    /// <summary>Whether the last frame was voice, or follows voice closely. True before the first frame.</summary>
    public bool IsActive { get; private set; } = true;

    /// <summary>What is taken for the level of the noise, in dBov (-127 to -46).</summary>
    public double NoiseLevel { get; private set; } = FirstNoise;

    /// <summary>Judges a frame.</summary>
    /// <param name="frame">10 to 60 ms. An empty one changes nothing.</param>
    /// <returns><see cref="IsActive"/>.</returns>
    public bool Process(ReadOnlySpan<short> frame)
    {
        if (frame.IsEmpty)
            return IsActive;
        var level = Level(frame);
        Learn(level, frame.Length);
        var voice = level > Math.Max(NoiseLevel + Margin, Faintest);
        if (voice)
        {
            _voiceSamples = Math.Min(_voiceSamples + frame.Length, _sampleRate);
            var after = _voiceSamples >= Samples(VoiceMilliseconds) ? HangoverMilliseconds : ShortHangoverMilliseconds;
            _hangover = Math.Max(_hangover, Samples(after));
        }
        else
        {
            _voiceSamples = 0;
            _hangover -= frame.Length;
        }

        return IsActive = voice || _hangover > 0;
    }

    /// <summary>Of the frame from 40 Hz on, in dBov: offsets and the slow swing of a line are no sound.</summary>
    private double Level(ReadOnlySpan<short> frame)
    {
        var sum = 0.0;
        foreach (var sample in frame)
        {
            _filtered = sample - _last + (_pole * _filtered);
            _last = sample;
            sum += _filtered * _filtered;
        }

        return Math.Max(-AudioLevel.Silence, 10 * Math.Log10(Math.Max(sum / frame.Length, 1e-3) / (32768.0 * 32768.0)));
    }

    private void Learn(double level, int samples)
    {
        _quietest[_window] = Math.Min(_quietest[_window], level);
        _windowSamples += samples;
        if (_windowSamples >= Samples(WindowMilliseconds))
        {
            _windowSamples = 0;
            _window = (_window + 1) % Windows;
            _quietest[_window] = level;
        }

        var quietest = _quietest[0];
        foreach (var one in _quietest)
            quietest = Math.Min(quietest, one);
        NoiseLevel = Math.Min(quietest, LoudestNoise);
    }

    private int Samples(int milliseconds) => _sampleRate / 1000 * milliseconds;
}
