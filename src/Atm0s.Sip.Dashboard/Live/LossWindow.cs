namespace Atm0s.Sip.Dashboard.Live;

/// <summary>Loss of the last two seconds, out of counts that only grow.</summary>
internal struct LossWindow
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(2);

    private DateTimeOffset _from;
    private long _received;
    private long _lost;

    /// <summary>Share of packets that did not come, in thousandths.</summary>
    public int PerThousand { get; private set; }

    public void Count(DateTimeOffset now, long received, long lost)
    {
        if (now - _from < Length)
            return;
        var (came, missing) = (received - _received, lost - _lost);
        if (_from != default)
            PerThousand = missing <= 0 ? 0 : (int)(1000 * missing / Math.Max(1, came + missing));
        (_from, _received, _lost) = (now, received, lost);
    }
}
