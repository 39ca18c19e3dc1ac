using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Calls.Records;

/// <summary>
/// The samples of one call, at most so many: when there are more, each two become one. One thread adds, any reads.
/// </summary>
/// <param name="max">How many.</param>
internal sealed class QualitySamples(int max)
{
    private readonly Lock _lock = new();
    private PackedSample[] _samples = [];
    private RtpLegStatistics? _last;
    private DateTimeOffset _begin;
    private int _count;
    private int _every = 1;
    private int _skipped;

    /// <summary>Bytes that they use.</summary>
    public int Memory
    {
        get
        {
            lock (_lock)
                return _samples.Length * PackedSample.Size;
        }
    }

    /// <summary>All of them, oldest first.</summary>
    public IReadOnlyList<QualitySample> All
    {
        get
        {
            lock (_lock)
                return [.. _samples.Take(_count).Select(sample => sample.Open(_begin))];
        }
    }

    /// <summary>The time for a sample has come.</summary>
    /// <param name="now">The time.</param>
    /// <param name="leg">The figures of this moment.</param>
    public void Add(DateTimeOffset now, RtpLegStatistics leg)
    {
        lock (_lock)
        {
            if (++_skipped < _every)
                return;
            _skipped = 0;
            if (_count == max && !TryThinOut())
                return;
            if (_count == 0)
                _begin = now;
            if (_count == _samples.Length)
                Array.Resize(ref _samples, Math.Min(max, Math.Max(8, _count * 2)));
            _samples[_count++] = PackedSample.Of(now - _begin, _last, leg);
            _last = leg;
        }
    }

    private bool TryThinOut()
    {
        if (_count < 2)
            return false;
        for (var i = 0; i < _count / 2; i++)
            _samples[i] = PackedSample.Merge(_samples[2 * i], _samples[(2 * i) + 1]);
        // The odd one stays as it is.
        if (_count % 2 == 1)
            _samples[_count / 2] = _samples[_count - 1];
        _count = (_count + 1) / 2;
        _every *= 2;
        return true;
    }
}
