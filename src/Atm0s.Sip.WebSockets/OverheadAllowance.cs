namespace Atm0s.Sip.WebSockets;

/// <summary>
/// How much a peer may send that is no part of a message: heads of frames, pings, pongs. Each costs us work and a ping an answer, so so
/// much of it is taken at once, and so much in each second. Pure.
/// </summary>
internal struct OverheadAllowance
{
    /// <summary>Bytes at once: some 10,000 pings without content.</summary>
    public const int Burst = 64 * 1024;

    /// <summary>Bytes in each second.</summary>
    public const int PerSecond = 2 * 1024;

    private long _owed; // bytes
    private TimeSpan _since;

    /// <summary>Bytes came, of whatever kind.</summary>
    /// <returns>False when those before were too many already.</returns>
    public bool OnRead(int bytes, TimeSpan now)
    {
        var earned = (long)((now - _since).TotalSeconds * PerSecond);
        if (earned > 0)
        {
            _owed = Math.Max(0, _owed - earned);
            _since = now;
        }

        if (_owed > Burst)
            return false;
        _owed += bytes;
        return true;
    }

    /// <summary>So many of them were of a message.</summary>
    public void OnMessageBytes(int bytes) => _owed = Math.Max(0, _owed - bytes);
}
