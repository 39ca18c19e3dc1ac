using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>
/// Members of a room that have nothing to say and need hear nothing, and for whom that may stay so for long: calls that were answered and
/// never acknowledged. A tick does nothing for them but look at a few, each in its turn, whether something has come. Media thread, but for
/// <see cref="Call"/>.
/// </summary>
internal sealed class RoomSleepers
{
    /// <summary>Ticks in which each of many is looked at once.</summary>
    public const int LookEvery = 25;

    // A few cost nothing: each is looked at as often as one that rests.
    private const int Few = 20;
    private const int LookAtFewEvery = 5;

    private readonly List<RoomMember> _members = [];
    private readonly ConcurrentQueue<RoomMember> _called = new();
    private int _next;
    private int _credit;

    /// <summary>Who sleeps.</summary>
    public ReadOnlySpan<RoomMember> Members => CollectionsMarshal.AsSpan(_members);

    public int Count => _members.Count;

    /// <summary>Something was asked of a member: it wakes at the next tick, if it sleeps. Any thread, after what is asked can be seen.</summary>
    public void Call(RoomMember member)
    {
        if (member.TryBeCalled())
            _called.Enqueue(member);
    }

    /// <summary>A member falls asleep.</summary>
    public void Add(RoomMember member)
    {
        member.SleepsAt = _members.Count;
        _members.Add(member);
    }

    /// <summary>Takes a member out; nothing happens when it is awake.</summary>
    public void Remove(RoomMember member)
    {
        // One that was called here may sleep in another room by now.
        if (member.SleepsAt is not (>= 0 and var place) || place >= _members.Count || _members[place] != member)
            return;
        var last = _members[^1];
        _members[place] = last;
        last.SleepsAt = place;
        _members.RemoveAt(_members.Count - 1);
        member.SleepsAt = -1;
    }

    /// <summary>Once a tick: those wake that were called, and of some of the others those for whom something has come.</summary>
    /// <param name="now">Time of the tick.</param>
    /// <param name="awake">Gets them.</param>
    public void Wake(TimeSpan now, List<RoomMember> awake)
    {
        while (_called.TryDequeue(out var member))
        {
            member.OnCalled();
            Wake(member, awake);
        }

        var period = _members.Count <= Few ? LookAtFewEvery : LookEvery;
        for (_credit += _members.Count; _credit >= period; _credit -= period)
        {
            if (_members.Count == 0)
            {
                _credit = 0;
                return;
            }

            if (_next >= _members.Count)
                _next = 0;
            var member = _members[_next];
            if (member.MayGoOnSleeping(now))
                _next++;
            else
                Wake(member, awake);
        }
    }

    public void Clear()
    {
        foreach (var member in _members)
            member.SleepsAt = -1;
        _members.Clear();
    }

    private void Wake(RoomMember member, List<RoomMember> awake)
    {
        var before = _members.Count;
        Remove(member);
        if (_members.Count < before)
            awake.Add(member);
    }
}
