namespace Atm0s.Sip.Media.Rtp;

/// <summary>
/// Puts what became of packets in the order of their sequence numbers, for who counts bursts (RFC 3611 §4.7.2): a packet is judged when 64
/// later
/// ones have come. Media thread only; allocates nothing in use.
/// </summary>
internal sealed class ReceptionLog
{
    private const int Window = 64;
    private const int MaxJump = 3000; // RFC 3550 §A.1

    private long _next;    // the first that is not judged
    private long _highest = -1;
    private ulong _came;   // by sequence number modulo 64
    private ulong _useless;

    /// <summary>Counts the packets that were judged.</summary>
    public BurstGapMeter Meter { get; } = new();

    /// <summary>A packet came.</summary>
    /// <param name="sequence">Its sequence number.</param>
    /// <param name="isDiscarded">Whether it came too late to be played.</param>
    public void OnPacket(ushort sequence, bool isDiscarded)
    {
        var delta = (short)(sequence - (ushort)_highest);
        if (_highest < 0 || Math.Abs((int)delta) > MaxJump)
        {
            Restart();
            (_next, _highest) = (65536L + sequence, 65536L + sequence);
            delta = 0;
        }

        var number = _highest + delta;
        if (number < _next)
            return; // judged before
        _highest = Math.Max(_highest, number);
        while (_highest - _next >= Window)
            Judge();
        var bit = 1UL << (int)(number % Window);
        _came |= bit;
        _useless = isDiscarded ? _useless | bit : _useless & ~bit;
    }

    /// <summary>Another stream begins: what is left of this one is judged.</summary>
    public void Restart()
    {
        while (_highest >= 0 && _next <= _highest)
            Judge();
        _highest = -1;
    }

    private void Judge()
    {
        var bit = 1UL << (int)(_next % Window);
        if ((_came & bit) == 0)
            Meter.Lost();
        else if ((_useless & bit) != 0)
            Meter.Discarded();
        else
            Meter.Received();
        _came &= ~bit;
        _useless &= ~bit;
        _next++;
    }
}
