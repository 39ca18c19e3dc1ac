using Atm0s.Sip.Media.Audio;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Doctor.Loopback;

/// <summary>
/// Hears a tone: when it begins, and then, when the first of it has passed, how loud it is and how often it crosses zero.
/// </summary>
/// <param name="time">Says when.</param>
internal sealed class ToneListener(TimeProvider time) : IPcmEndpoint
{
    private const int Loud = 50;            // -dBov: what is softer is none
    private const int Skipped = 10;         // frames, in which codecs and buffers settle

    private readonly Lock _lock = new();
    private readonly short[] _samples = new short[8000];
    private int _count;
    private int _loudFrames;
    private long _began;

    public int SampleRate => 8000;

    /// <summary>Time stamp of the first frame of the tone; 0 before.</summary>
    public long Began => Volatile.Read(ref _began);

    /// <summary>Whether a second of it has been heard.</summary>
    public bool IsDone
    {
        get
        {
            lock (_lock)
                return _count == _samples.Length;
        }
    }

    public bool Read(Span<short> frame) => false;

    public void Write(ReadOnlySpan<short> frame)
    {
        if (_began == 0)
        {
            if (AudioLevel.Measure(frame) > Loud)
                return;
            Volatile.Write(ref _began, time.GetTimestamp());
        }

        if (++_loudFrames <= Skipped)
            return;
        lock (_lock)
        {
            var part = frame[..Math.Min(frame.Length, _samples.Length - _count)];
            part.CopyTo(_samples.AsSpan(_count));
            _count += part.Length;
        }
    }

    /// <summary>Level in dBov and frequency in Hz of what was heard.</summary>
    public (double Level, double Frequency) Measure()
    {
        lock (_lock)
        {
            var heard = _samples.AsSpan(0, _count);
            return (-AudioLevel.Measure(heard), FrequencyOf(heard, SampleRate));
        }
    }

    /// <summary>Frequency of a sine, from the first to the last time that it rises through zero.</summary>
    internal static double FrequencyOf(ReadOnlySpan<short> samples, int rate)
    {
        double first = -1, last = -1;
        var periods = -1;
        for (var i = 1; i < samples.Length; i++)
        {
            if (samples[i - 1] >= 0 || samples[i] < 0)
                continue;
            // Between two samples: where the line crosses.
            last = i - ((double)samples[i] / (samples[i] - samples[i - 1]));
            if (periods++ < 0)
                first = last;
        }

        return periods < 1 ? 0 : periods * rate / (last - first);
    }
}
