namespace Atm0s.Sip.Media.Rtp;

/// <summary>
/// Figures of the source being received, for receiver reports (RFC 3550 §6.4.1, §A.1, §A.3, §A.8). They start anew with a new SSRC, and
/// when the sequence numbers do; <see cref="TotalLost"/> does not.
/// </summary>
public sealed class RtpReceiveStatistics
{
    // The receiver counts from one cycle up, so that a packet before the first one stays above zero.
    private const long FirstCycle = 65536;

    private int _clockRate;
    private long _lostBefore;
    private bool _started;
    private long _base;
    private long _highest;
    private long _expectedPrior;
    private long _receivedPrior;
    private uint _transit;
    private bool _hasTransit;
    private uint _jitter; // scaled by 16

    internal RtpReceiveStatistics(int clockRate) => _clockRate = clockRate;

    /// <summary>Packets received, late ones and duplicates included.</summary>
    public long Received { get; private set; }

    /// <summary>Payload bytes received.</summary>
    public long Octets { get; private set; }

    /// <summary>Packets that the sequence numbers promise.</summary>
    public long Expected => _started ? _highest - _base + 1 : 0;

    /// <summary>Packets lost; negative when there were more duplicates than losses (§6.4.1). Not clamped to 24 bits.</summary>
    public long Lost => Expected - Received;

    /// <summary>Packets lost since the receiver was made: of all sources and of all their sequences. A duplicate takes none away.</summary>
    public long TotalLost => _lostBefore + Math.Max(0, Lost);

    /// <summary>
    /// Share lost since <see cref="CloseInterval"/> was last called, in 1/256 (§A.3). 0 when duplicates outnumber losses.
    /// </summary>
    public byte FractionLost
    {
        get
        {
            var expected = Expected - _expectedPrior;
            var lost = expected - (Received - _receivedPrior);
            return expected <= 0 || lost <= 0 ? (byte)0 : (byte)Math.Min(255, (lost << 8) / expected);
        }
    }

    /// <summary>Highest sequence number with the count of its cycles above (§6.4.1).</summary>
    public uint ExtendedHighestSequence => _started ? (uint)(_highest - FirstCycle) : 0;

    /// <summary>Interarrival jitter, in units of the timestamp (§6.4.1, §A.8).</summary>
    public uint JitterTimestampUnits => _jitter >> 4;

    /// <summary>Interarrival jitter, in milliseconds.</summary>
    public double JitterMilliseconds => _jitter / 16.0 * 1000 / _clockRate;

    /// <summary>Ends the interval of <see cref="FractionLost"/>: called once per report.</summary>
    /// <returns>The fraction lost of the interval, in 1/256.</returns>
    public byte CloseInterval()
    {
        var fraction = FractionLost;
        _expectedPrior = Expected;
        _receivedPrior = Received;
        return fraction;
    }

    /// <summary>Starts anew with this sequence number (init_seq of §A.1).</summary>
    internal void Restart(long sequence)
    {
        _lostBefore = TotalLost;
        _started = true;
        _base = _highest = sequence;
        _expectedPrior = _receivedPrior = 0;
        _hasTransit = false;
        _jitter = 0;
        Received = 0;
        Octets = 0;
    }

    /// <summary>Timestamps count in another clock from here on; the jitter of before is kept in time.</summary>
    internal void ChangeClock(int clockRate)
    {
        _jitter = (uint)((ulong)_jitter * (ulong)clockRate / (ulong)_clockRate);
        _clockRate = clockRate;
        _hasTransit = false;
    }

    /// <summary>Counts a packet of the source.</summary>
    internal void Count(long sequence, int octets)
    {
        if (sequence > _highest)
            _highest = sequence;
        Received++;
        Octets += octets;
    }

    /// <summary>§A.8, with the rounding of the integer version there.</summary>
    internal void CountTransit(uint timestamp, TimeSpan now)
    {
        var arrival = unchecked((uint)(now.Ticks / TimeSpan.TicksPerSecond * _clockRate)
            + (uint)(now.Ticks % TimeSpan.TicksPerSecond * _clockRate / TimeSpan.TicksPerSecond));
        var transit = unchecked(arrival - timestamp);
        if (_hasTransit)
        {
            var d = (uint)Math.Abs((long)unchecked((int)(transit - _transit)));
            // A jump of the timestamp is not jitter: more than 2 s says nothing about the network.
            if (d < 2 * _clockRate)
                _jitter = unchecked(_jitter + d - ((_jitter + 8) >> 4));
        }

        _transit = transit;
        _hasTransit = true;
    }
}
