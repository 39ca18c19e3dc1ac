namespace Atm0s.Sip.Core.Sdp;

/// <summary>
/// What each payload type number has meant in the session, in our descriptions and in theirs: a number keeps its codec as long as the
/// session lasts (RFC 3264 §8.3.2). At most 128 entries each way.
/// </summary>
internal sealed class PayloadTypes
{
    private const int FirstDynamic = 96;
    private const int LastDynamic = 127;
    private const int FirstUnassigned = 35;         // RFC 3551 §3: where to go when 96 to 127 are used up
    private const int LastUnassigned = 63;          // RFC 5761 §4: 64 to 95 may be RTCP
    private const int NarrowbandEvents = 101;       // where everybody expects the events of G.711

    private readonly Dictionary<int, SdpFormat> _ours;
    private readonly Dictionary<int, SdpFormat> _theirs;
    private readonly List<int> _order;              // ours, the last used last

    public PayloadTypes() => (_ours, _theirs, _order) = ([], [], []);

    private PayloadTypes(PayloadTypes other) => (_ours, _theirs, _order) = (new(other._ours), new(other._theirs), [.. other._order]);

    public PayloadTypes Copy() => new(this);

    public void AddOurs(IEnumerable<SdpFormat> formats)
    {
        foreach (var format in formats)
        {
            _ours[format.PayloadType] = format;
            _order.Remove(format.PayloadType);
            _order.Add(format.PayloadType);
        }
    }

    public void AddTheirs(IEnumerable<SdpFormat> formats)
    {
        foreach (var format in formats)
            _theirs[format.PayloadType] = format;
    }

    /// <summary>
    /// The number of a format in the next offer: the one it has, else one that never meant anything else; -1 when none is left.
    /// </summary>
    /// <param name="format">The format; its number is the one it would like, -1 for any.</param>
    /// <param name="taken">Numbers that the offer has used already.</param>
    public int NumberOf(SdpFormat format, ICollection<int> taken)
    {
        if (format.PayloadType is >= 0 and < FirstDynamic)
            return format.PayloadType;
        for (var i = _order.Count - 1; i >= 0; i--)
        {
            if (_ours[_order[i]].MeansTheSameAs(format) && !taken.Contains(_order[i]))
                return _order[i];
        }

        foreach (var (number, theirs) in _theirs)
        {
            if (theirs.MeansTheSameAs(format) && !_ours.ContainsKey(number) && !taken.Contains(number))
                return number;
        }

        if (format.PayloadType >= FirstDynamic && IsFree(format.PayloadType, taken))
            return format.PayloadType;
        return FirstFree(FirstDynamic, LastDynamic, taken) is >= 0 and var dynamic
            ? dynamic
            : FirstFree(FirstUnassigned, LastUnassigned, taken);
    }

    private int FirstFree(int first, int last, ICollection<int> taken)
    {
        for (var number = first; number <= last; number++)
        {
            if (number != NarrowbandEvents && IsFree(number, taken))
                return number;
        }

        return -1;
    }

    private bool IsFree(int number, ICollection<int> taken) =>
        !_ours.ContainsKey(number) && !_theirs.ContainsKey(number) && !taken.Contains(number);
}
