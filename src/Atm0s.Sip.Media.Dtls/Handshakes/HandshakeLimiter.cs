namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>How many handshakes there may be at a time, and in a second: a bucket that fills with one a slice of it. Any thread.</summary>
internal sealed class HandshakeLimiter(int maxUnderWay, int maxPerSecond, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly long _ticksPerHandshake = Math.Max(1, time.TimestampFrequency / maxPerSecond);
    private long _full = time.GetTimestamp(); // when the bucket is full again
    private int _underWay;

    /// <summary>Handshakes under way.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Takes a place.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryBegin()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var full = Math.Max(_full, now) + _ticksPerHandshake;
            if (_underWay >= maxUnderWay || full - now > time.TimestampFrequency)
                return false;
            _full = full;
            _underWay++;
            return true;
        }
    }

    /// <summary>Gives it back.</summary>
    public void End()
    {
        lock (_gate)
            _underWay--;
    }
}
