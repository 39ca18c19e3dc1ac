using System.Collections.Concurrent;

namespace Atm0s.Sip.Media.Dtmf;

/// <summary>
/// Makes the two tones of each key as audio (ITU-T Q.23), for a peer that takes no telephone events: -11 dBm0 the low one, -9 dBm0 the
/// high one, faded in and out over 2 ms so that nothing clicks. Digits may be put in on any thread, one caller at a time; the rest is the
/// media thread's. Nothing is allocated in a frame.
/// </summary>
public sealed class InbandDtmfGenerator
{
    private const double LowLevel = -11;  // dBm0
    private const double HighLevel = -9;
    private const int FadeMilliseconds = 2;

    private static readonly double LowAmplitude = Amplitude(LowLevel);
    private static readonly double HighAmplitude = Amplitude(HighLevel);

    private readonly ConcurrentQueue<DtmfTone> _waiting = new();
    private readonly int _sampleRate;
    private double _lowStep;      // radians a sample
    private double _highStep;
    private int _length;          // of the tone, in samples
    private int _end;             // of the pause behind it
    private int _position;

    /// <summary>Makes a generator.</summary>
    /// <param name="sampleRate">Rate of what <see cref="Generate"/> makes, in Hz, 8000 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">Below 8000.</exception>
    public InbandDtmfGenerator(int sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 8000);
        _sampleRate = sampleRate;
    }

    /// <summary>Puts digits in, to be heard after those that wait.</summary>
    /// <param name="digits">1 to 64 of <c>0123456789*#ABCD</c>.</param>
    /// <param name="duration">Length of each, 40 ms to 2 s; rounded up to 20 ms.</param>
    /// <param name="gap">Pause after each, 40 ms to 2 s; rounded up to 20 ms.</param>
    /// <returns>False when more than 64 would wait: none was taken.</returns>
    /// <exception cref="ArgumentException">Other characters, none, or too many.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A time out of range.</exception>
    public bool TryAdd(string digits, TimeSpan duration, TimeSpan gap)
    {
        DtmfDigits.Check(digits, duration, gap);
        if (_waiting.Count + digits.Length > DtmfDigits.MaxCount)
            return false;
        foreach (var digit in digits)
            _waiting.Enqueue(new DtmfTone(DtmfDigits.EventOf(digit), Ticks(duration), Ticks(gap)));
        return true;
    }

    /// <summary>Puts one digit in, to be heard after those that wait.</summary>
    internal void Add(DtmfTone tone) => _waiting.Enqueue(tone);

    /// <summary>Forgets what waits; a tone under way stops without a fade.</summary>
    public void Clear()
    {
        _end = _position = 0;
        while (_waiting.TryDequeue(out _))
        {
        }
    }

    /// <summary>Makes the tones and pauses of the next frame.</summary>
    /// <param name="frame">Of any length. Is filled completely when there is something to be heard, else left as it is.</param>
    /// <returns>Whether it was filled: it replaces what else was to be sent, as speech would spoil the tones.</returns>
    public bool Generate(Span<short> frame)
    {
        if (_position >= _end && !Begin())
            return false;
        for (var i = 0; i < frame.Length; i++)
        {
            if (_position >= _end && !Begin())
            {
                frame[i..].Clear();
                return true;
            }

            frame[i] = _position < _length ? Sample() : (short)0;
            _position++;
        }

        return true;
    }

    private bool Begin()
    {
        if (!_waiting.TryDequeue(out var tone))
            return false;
        var (low, high) = DtmfFrequencies.Of(tone.Event);
        _lowStep = 2 * Math.PI * low / _sampleRate;
        _highStep = 2 * Math.PI * high / _sampleRate;
        _length = tone.Ticks * (_sampleRate / 50);
        _end = _length + (tone.GapTicks * (_sampleRate / 50));
        _position = 0;
        return true;
    }

    private short Sample()
    {
        var fade = _sampleRate / 1000 * FadeMilliseconds;
        var edge = Math.Min(_position, _length - 1 - _position);
        var weight = edge >= fade ? 1 : 0.5 - (0.5 * Math.Cos(Math.PI * edge / fade));
        var sample = (LowAmplitude * Math.Sin(_lowStep * _position)) + (HighAmplitude * Math.Sin(_highStep * _position));
        return (short)Math.Round(weight * sample);
    }

    private static int Ticks(TimeSpan time) => (int)Math.Ceiling(time.TotalMilliseconds / 20);

    private static double Amplitude(double level) => DtmfFrequencies.ZeroLevel * Math.Sqrt(2) * Math.Pow(10, level / 20);
}
