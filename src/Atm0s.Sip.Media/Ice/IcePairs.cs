using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.Media.Ice;

/// <summary>
/// The valid pairs of a component, and the one of them that is selected (RFC 8445 §8.1, §12). Sixteen at most: another one takes the place
/// of the one that has been silent longest.
/// </summary>
internal sealed class IcePairs
{
    /// <summary>Pairs that are kept.</summary>
    public const int Max = 16;

    /// <summary>Silence after which whichever pair is nominated takes the place of the selected one.</summary>
    public static readonly TimeSpan Stale = TimeSpan.FromSeconds(5);

    private readonly IcePair[] _pairs = new IcePair[Max];
    private int _count;
    private int _selected = -1;

    /// <summary>Where media goes; none before a nomination.</summary>
    public MediaAddress Selected => _selected < 0 ? default : _pairs[_selected].Remote;

    /// <summary>When the peer last agreed to be sent to there.</summary>
    public TimeSpan LastConsent => _selected < 0 ? TimeSpan.MinValue : _pairs[_selected].LastCheck;

    /// <summary>Whether a check from there was authentic.</summary>
    public bool Contains(MediaAddress remote) => Find(remote) >= 0;

    /// <summary>An authentic check has come.</summary>
    /// <param name="remote">From where.</param>
    /// <param name="priority">PRIORITY of the check, or that of the peer's candidate.</param>
    /// <param name="nominates">Whether it bore USE-CANDIDATE.</param>
    /// <param name="now">Monotonic.</param>
    public void OnCheck(MediaAddress remote, uint priority, bool nominates, TimeSpan now)
    {
        var i = Find(remote);
        if (i < 0)
            i = Take();
        _pairs[i] = new IcePair { Remote = remote, Priority = priority, LastCheck = now, IsNominated = nominates };
        if (nominates && i != _selected && MayReplace(i, now))
            _selected = i;
    }

    /// <summary>Something else has shown that the peer still agrees to be sent to.</summary>
    public void Renew(TimeSpan now)
    {
        if (_selected >= 0)
            _pairs[_selected].LastCheck = now;
    }

    /// <summary>Forgets all of them.</summary>
    public void Clear() => (_count, _selected) = (0, -1);

    // RFC 5245 §8.1.1.2, aggressive: of several nominated pairs the best one. RFC 8445 nominates once; who nominates another pair later has
    // stopped nominating this one, or stopped checking it.
    private bool MayReplace(int other, TimeSpan now)
    {
        if (_selected < 0)
            return true;
        ref var selected = ref _pairs[_selected];
        return !selected.IsNominated || _pairs[other].Priority > selected.Priority || now - selected.LastCheck > Stale;
    }

    private int Find(MediaAddress remote)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_pairs[i].Remote == remote)
                return i;
        }

        return -1;
    }

    private int Take()
    {
        if (_count < Max)
            return _count++;
        var oldest = _selected == 0 ? 1 : 0;
        for (var i = 0; i < Max; i++)
        {
            if (i != _selected && _pairs[i].LastCheck < _pairs[oldest].LastCheck)
                oldest = i;
        }

        return oldest;
    }
}
