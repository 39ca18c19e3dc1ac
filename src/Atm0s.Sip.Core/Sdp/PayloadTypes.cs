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

    // A few each, as a rule.
    private readonly List<SdpFormat> _ours;         // the last used last
    private readonly List<SdpFormat> _theirs;

    public PayloadTypes() => (_ours, _theirs) = ([], []);

    private PayloadTypes(PayloadTypes other) => (_ours, _theirs) = ([.. other._ours], [.. other._theirs]);

    public PayloadTypes Copy() => new(this);

    public void AddOurs(IReadOnlyList<SdpFormat> formats)
    {
        for (var i = 0; i < formats.Count; i++)
        {
            if (IndexOf(_ours, formats[i].PayloadType) is >= 0 and var known)
                _ours.RemoveAt(known);
            _ours.Add(formats[i]);
        }
    }

    public void AddTheirs(IReadOnlyList<SdpFormat> formats)
    {
        for (var i = 0; i < formats.Count; i++)
        {
            if (IndexOf(_theirs, formats[i].PayloadType) is >= 0 and var known)
                _theirs[known] = formats[i];
            else
                _theirs.Add(formats[i]);
        }
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
        for (var i = _ours.Count - 1; i >= 0; i--)
        {
            if (_ours[i].MeansTheSameAs(format) && !taken.Contains(_ours[i].PayloadType))
                return _ours[i].PayloadType;
        }

        foreach (var theirs in _theirs)
        {
            var number = theirs.PayloadType;
            if (theirs.MeansTheSameAs(format) && IndexOf(_ours, number) < 0 && !taken.Contains(number))
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
        IndexOf(_ours, number) < 0 && IndexOf(_theirs, number) < 0 && !taken.Contains(number);

    private static int IndexOf(List<SdpFormat> formats, int number)
    {
        for (var i = 0; i < formats.Count; i++)
        {
            if (formats[i].PayloadType == number)
                return i;
        }

        return -1;
    }
}
