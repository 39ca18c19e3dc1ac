using Atm0s.Sip.Media.Audio;

namespace Atm0s.Sip.Media.Codecs;

/// <summary>
/// Replaces lost audio of a waveform codec by repeating the last pitch periods, after ITU-T G.711 Appendix I: one period, then two, then
/// three; full level for 10 ms, then a ramp to silence at 60 ms; an overlap of up to 10 ms when audio returns. Deviations, each nearer
/// to what was lost: Appendix I delays all audio by 3.75 ms so that it can blend the last good samples into the repetition; here the
/// step at the seam is removed by an offset that decays over a quarter period, so nothing is delayed. The pitch is that of the last
/// 10 ms, not 20, and a second period is added after 20 ms, not 10.
/// </summary>
internal sealed class PacketLossConcealer
{
    private readonly int _perMillisecond;
    private readonly int _shortestPitch;
    private readonly int _longestPitch;
    private readonly int _template;
    private readonly int _memory;       // samples looked back at: three of the longest periods and their overlap
    private short[] _history = [];  // grows to the right, moved to the front when full
    private float[] _before = [];   // the last _memory samples before the loss
    private float[] _periods = [];  // what is being repeated
    private int _end;
    private int _lost;                  // samples concealed since the last good one
    private int _pitch;
    private int _periodsLength;
    private int _position;
    private float _seam;

    /// <param name="sampleRate">8000 or 16000 Hz.</param>
    public PacketLossConcealer(int sampleRate)
    {
        _perMillisecond = sampleRate / 1000;
        _shortestPitch = 5 * _perMillisecond;
        _longestPitch = 15 * _perMillisecond;
        _template = 10 * _perMillisecond;
        _memory = (3 * _longestPitch) + (_longestPitch / 4);
        _end = _memory;
    }

    private int Overlap => _pitch / 4;

    /// <summary>Takes a decoded frame; after a loss, blends its start with the repetition that it ends.</summary>
    public void Received(Span<short> pcm)
    {
        if (pcm.IsEmpty)
            return;
        MakeRoom();
        if (_lost > 0)
        {
            // Appendix I: the overlap grows by 4 ms with every 10 ms lost, up to 10 ms.
            var length = Overlap + (4 * (_lost / 10));
            length = Math.Min(Math.Min(length, 10 * _perMillisecond), pcm.Length);
            for (var i = 0; i < length; i++)
            {
                var weight = (i + 1f) / (length + 1);
                pcm[i] = Clamp((pcm[i] * weight) + (Next() * (1 - weight)));
            }

            _lost = 0;
        }

        Remember(pcm);
    }

    /// <summary>Fills a lost frame.</summary>
    public void Conceal(Span<short> pcm)
    {
        if (pcm.IsEmpty)
            return;
        MakeRoom();
        if (_lost == 0)
            Begin();
        for (var i = 0; i < pcm.Length; i++)
            pcm[i] = Clamp(Next());
        Remember(pcm);
    }

    // With the first frame: most of the formats that a peer may send never come.
    private void MakeRoom()
    {
        if (_history.Length > 0)
            return;
        _history = new short[(2 * _memory) + (40 * _perMillisecond)];
        _before = new float[_memory];
        _periods = new float[3 * _longestPitch];
    }

    private void Begin()
    {
        var recent = _history.AsSpan(_end - _memory, _memory);
        for (var i = 0; i < _memory; i++)
            _before[i] = recent[i];
        _pitch = FindPitch();
        _position = 0;
        Take(1);
        _seam = _before[^1] - _before[_memory - 1 - _pitch];
    }

    /// <summary>The next sample of the repetition, at the level its age allows.</summary>
    private float Next()
    {
        var age = _lost++;
        var fadeStart = 10 * _perMillisecond;
        var silence = 60 * _perMillisecond;
        if (age >= silence)
        {
            _lost = silence; // no more to count: a loss of days must not overflow
            return 0;
        }

        if (age == 20 * _perMillisecond)
            Take(2);
        else if (age == 40 * _perMillisecond)
            Take(3);

        var sample = _periods[_position];
        if (++_position >= _periodsLength)
            _position = 0;
        if (age < Overlap)
            sample += _seam * (1 - ((age + 1f) / (Overlap + 1)));
        return age < fadeStart ? sample : sample * ((silence - age) / (float)(silence - fadeStart));
    }

    /// <summary>Repeats the last <paramref name="count"/> periods from now on, in phase with what was repeated so far.</summary>
    private void Take(int count)
    {
        var length = count * _pitch;
        var first = _memory - length;
        var phase = _position % _pitch;
        // What the shorter repetition would have gone on with, to blend over into the longer one.
        Span<float> tail = stackalloc float[_longestPitch / 4];
        var blend = count == 1 ? 0 : Overlap;
        for (var i = 0; i < blend; i++)
            tail[i] = _periods[(_position + i) % _periodsLength];

        for (var i = 0; i < length; i++)
            _periods[i] = _before[first + i];
        // The end of the stretch runs into what came before its start, so that going round makes no step.
        for (var i = 0; i < Overlap; i++)
        {
            var weight = (i + 1f) / (Overlap + 1);
            var at = length - Overlap + i;
            _periods[at] = (_periods[at] * (1 - weight)) + (_before[first - Overlap + i] * weight);
        }

        _periodsLength = length;
        _position = phase;
        for (var i = 0; i < blend; i++)
        {
            var weight = (i + 1f) / (blend + 1);
            ref var sample = ref _periods[(phase + i) % length];
            sample = (sample * weight) + (tail[i] * (1 - weight));
        }
    }

    /// <summary>The lag, 5 to 15 ms, at which the last 10 ms resemble what came before them most.</summary>
    private int FindPitch()
    {
        var template = _before.AsSpan(_memory - _template, _template);
        var floor = _template * 16f; // silence resembles everything: weigh it down
        var best = _shortestPitch;
        var bestScore = float.NegativeInfinity;
        for (var lag = _shortestPitch; lag <= _longestPitch; lag++)
        {
            var earlier = _before.AsSpan(_memory - _template - lag, _template);
            var (product, energy) = Similarity.Correlate(template, earlier);
            var score = product / MathF.Sqrt(energy + floor);
            if (score <= bestScore)
                continue;
            bestScore = score;
            best = lag;
        }

        return best;
    }

    private void Remember(ReadOnlySpan<short> pcm)
    {
        if (pcm.Length > _memory)
            pcm = pcm[^_memory..];
        if (_end + pcm.Length > _history.Length)
        {
            _history.AsSpan(_end - _memory, _memory).CopyTo(_history);
            _end = _memory;
        }

        pcm.CopyTo(_history.AsSpan(_end));
        _end += pcm.Length;
    }

    private static short Clamp(float sample) => (short)Math.Clamp(MathF.Round(sample), short.MinValue, short.MaxValue);
}
