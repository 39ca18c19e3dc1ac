namespace Atm0s.Sip.Media.Srtp;

/// <summary>
/// Which of the latest packets have come (RFC 3711 §3.3.2): a window of 128 behind the highest index. Asked before a packet is
/// authenticated, told after. A value to be kept in place.
/// </summary>
internal struct ReplayWindow
{
    /// <summary>Packets that are told apart; what is older counts as come.</summary>
    public const int Size = 128;

    private UInt128 _seen; // bit 0: the highest index
    private long _highest;
    private bool _isStarted;

    /// <summary>The highest index so far.</summary>
    public readonly long Highest => _highest;

    /// <summary>Whether anything has come.</summary>
    public readonly bool IsStarted => _isStarted;

    /// <summary>Whether a packet has come already, or is too old to tell.</summary>
    /// <param name="index">Its index.</param>
    public readonly bool IsReplay(long index)
    {
        if (!_isStarted || index > _highest)
            return false;
        var age = _highest - index;
        return age >= Size || ((_seen >> (int)age) & 1) != 0;
    }

    /// <summary>A packet has come, and was authentic.</summary>
    /// <param name="index">Its index.</param>
    public void Add(long index)
    {
        if (!_isStarted)
        {
            (_isStarted, _highest, _seen) = (true, index, 1);
            return;
        }

        var ahead = index - _highest;
        if (ahead > 0)
        {
            _seen = ahead >= Size ? 1 : (_seen << (int)ahead) | 1;
            _highest = index;
        }
        else if (-ahead < Size)
        {
            _seen |= (UInt128)1 << (int)-ahead;
        }
    }
}
