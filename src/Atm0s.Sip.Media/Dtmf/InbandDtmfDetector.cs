using System.Collections.Concurrent;

namespace Atm0s.Sip.Media.Dtmf;

/// <summary>
/// Finds keys in audio (ITU-T Q.24): tones of 40 ms or more with pauses of 40 ms or more, -30 to 0 dBm0 each, up to 1.5 % off, the high
/// one up to 4 dB stronger or 8 dB weaker than the low one. Tones of 20 ms, tones that are 3.5 % off, and voices are no keys. A key is told
/// once, when it is released. One caller at a time; allocates nothing after construction.
/// </summary>
public sealed class InbandDtmfDetector
{
    private const int Capacity = 16;
    private const int Hits = 3;      // blocks of 20 ms that begin 5 ms apart: 30 ms of tone
    private const int Misses = 4;    // a pause of 40 ms has as many blocks of silence

    private static readonly ConcurrentDictionary<int, DtmfSpectrum> Spectra = new();

    private readonly DtmfEvent[] _queue = new DtmfEvent[Capacity];
    private readonly DtmfSpectrum _spectrum;
    private readonly float[] _block;
    private readonly int _sampleRate;
    private int _filled;
    private int _head;
    private int _count;
    private char _candidate;
    private int _hits;       // in a row, of the candidate
    private char _key;       // being pressed; NUL: none
    private double _power;   // of its tones, at their strongest
    private long _held;      // blocks since it began, up to the last one in which it was heard
    private int _misses;     // blocks since then

    /// <summary>Makes a detector.</summary>
    /// <param name="sampleRate">Rate of what <see cref="Process"/> takes, in Hz: 8000, 16000 or 48000.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another rate.</exception>
    public InbandDtmfDetector(int sampleRate)
    {
        if (sampleRate is not (8000 or 16000 or 48000))
            throw new ArgumentOutOfRangeException(nameof(sampleRate), sampleRate, "8000, 16000 or 48000 Hz.");
        _sampleRate = sampleRate;
        _spectrum = Spectra.GetOrAdd(sampleRate, static rate => new DtmfSpectrum(rate));
        _block = new float[_spectrum.Block];
    }

    /// <summary>Whether a key is being pressed: from 35 ms after its start, at the latest, until about 35 ms after its end.</summary>
    public bool IsPressed => _key != '\0';

    /// <summary>Listens to a frame.</summary>
    /// <param name="frame">Of any length; the frames of a stream follow each other without a gap.</param>
    public void Process(ReadOnlySpan<short> frame)
    {
        while (!frame.IsEmpty)
        {
            var count = Math.Min(frame.Length, _block.Length - _filled);
            for (var i = 0; i < count; i++)
                _block[_filled + i] = frame[i];
            _filled += count;
            frame = frame[count..];
            if (_filled < _block.Length)
                return;
            Judge(_spectrum.Read(_block));
            _block.AsSpan(_spectrum.Hop).CopyTo(_block);
            _filled -= _spectrum.Hop;
        }
    }

    /// <summary>Ends a key that is being pressed: the stream is over, or another one begins.</summary>
    public void Restart()
    {
        if (_key != '\0')
            Release();
        _hits = 0;
        _filled = 0;
    }

    /// <summary>Takes the oldest key that was released and not yet read. Of more than 16, the oldest are forgotten.</summary>
    /// <param name="e">The key, with its duration to about 10 ms.</param>
    /// <returns>False when there is none.</returns>
    public bool TryRead(out DtmfEvent e)
    {
        e = default;
        if (_count == 0)
            return false;
        e = _queue[_head];
        _head = (_head + 1) % Capacity;
        _count--;
        return true;
    }

    private void Judge(DtmfReading reading)
    {
        if (_key != '\0')
        {
            if (reading.Holds(_key, _power))
            {
                _held += 1 + _misses;
                _misses = 0;
                _power = Math.Max(_power, reading.Power);
            }
            else if (++_misses == Misses)
            {
                Release();
            }
        }

        if (!reading.IsKey || reading.Key == _key)
        {
            _hits = 0;
            return;
        }

        _hits = reading.Key == _candidate ? _hits + 1 : 1;
        _candidate = reading.Key;
        if (_hits < Hits)
            return;
        if (_key != '\0')
            Release();
        (_key, _power, _held, _misses, _hits) = (_candidate, reading.Power, Hits, 0, 0);
    }

    private void Release()
    {
        // The first block begins 2.5 ms after the tone on average, the last one 5 ms before its end.
        var milliseconds = (5 * _held) + 2.5;
        if (_count == Capacity)
        {
            _head = (_head + 1) % Capacity;
            _count--;
        }

        _queue[(_head + _count++) % Capacity] = new DtmfEvent(DtmfDigits.EventOf(_key), _key, TimeSpan.FromMilliseconds(milliseconds));
        _key = '\0';
    }
}
