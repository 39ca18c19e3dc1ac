using Atm0s.Sip.Media.Diagnostics;
using Atm0s.Sip.Media.Mixing;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Clock;

/// <summary>
/// The rooms of one media thread, by sub-tick. <see cref="Run"/> is called by one thread at a time; the rest by any. A thread that does
/// not come back from a room can be given up: it loses the ticker, and another one goes on with the other rooms.
/// </summary>
internal sealed class MediaTicker(MediaCounters counters, ILogger logger, Random? random = null) : IDisposable
{
    private static readonly TimeSpan MaxSilence = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly MixRoom[][] _slots = [[], [], [], []];
    private readonly AutoResetEvent _wake = new(false);
    private int _rooms;
    private MixRoom? _running;
    private long _call; // of a room's tick: odd while it lasts
    private long _periodAt; // when the last period ended

    public MediaCounters Counters => counters;

    /// <summary>Randomness of the thread, for it only.</summary>
    public Random Random { get; } = random ?? new Random(0);

    /// <summary>Members of its rooms, an empty room counting as one. Any thread.</summary>
    public int Members
    {
        get
        {
            var sum = 0;
            for (var i = 0; i < _slots.Length; i++)
                sum += MembersOf(i);
            return sum;
        }
    }

    /// <summary>The sub-tick with the fewest members. Any thread.</summary>
    public int EmptiestSlot
    {
        get
        {
            var (best, least) = (0, int.MaxValue);
            for (var i = 0; i < _slots.Length; i++)
            {
                if (MembersOf(i) is var members && members < least)
                    (best, least) = (i, members);
            }

            return best;
        }
    }

    public bool IsIdle => Volatile.Read(ref _rooms) == 0;

    /// <summary>Number of the room's tick that runs; even when none does.</summary>
    public long Call => Volatile.Read(ref _call);

    /// <summary>The room that ticks, or was the last to.</summary>
    public MixRoom? Running => Volatile.Read(ref _running);

    /// <summary>What it does at this moment. Any thread.</summary>
    public MediaThreadState State =>
        new(Volatile.Read(ref counters.Ticks), Volatile.Read(ref _rooms), (Call & 1) != 0);

    /// <summary>A period has ended. By the thread that runs it.</summary>
    public void CountPeriod(TimeSpan now) => Volatile.Write(ref _periodAt, now.Ticks);

    /// <summary>Whether its thread goes round its rooms, or has none: else what it tells of itself is old. Any thread.</summary>
    /// <param name="now">What time it is.</param>
    public bool IsAlive(TimeSpan now) => IsIdle || now.Ticks - Volatile.Read(ref _periodAt) < MaxSilence.Ticks;

    public bool HasRooms(int subTick) => Volatile.Read(ref _slots[subTick]).Length > 0;

    public void Add(MixRoom room, int subTick)
    {
        lock (_gate)
        {
            Volatile.Write(ref _slots[subTick], [.. _slots[subTick], room]);
            _rooms++;
        }

        _wake.Set();
    }

    /// <summary>
    /// Gives a room to another thread, whose ticks come at the same times. Only between two calls of <see cref="Run"/>, by who makes them.
    /// </summary>
    /// <param name="other">Who gets it.</param>
    /// <param name="mostCost">Greatest cost of the room (<see cref="MixRoom.Cost"/>): the dearest below that goes.</param>
    /// <returns>False when there is none, or it would be the only one.</returns>
    public bool TryGive(MediaTicker other, double mostCost)
    {
        if (Volatile.Read(ref _rooms) < 2)
            return false;
        var (found, slot) = (default(MixRoom), 0);
        for (var i = 0; i < _slots.Length; i++)
        {
            foreach (var room in Volatile.Read(ref _slots[i]))
            {
                if (room.Cost > (found?.Cost ?? 0) && room.Cost <= mostCost)
                    (found, slot) = (room, i);
            }
        }

        if (found is null)
            return false;
        Remove(found);
        found.ChangeThread(other.Counters, other.Random);
        other.Add(found, slot);
        return true;
    }

    /// <summary>Waits until there is a room, at most that long.</summary>
    public void WaitForRoom(TimeSpan time) => _wake.WaitOne(time);

    /// <summary>Lets a thread that waits look around.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Ticks the rooms of a sub-tick.</summary>
    /// <returns>False when the thread was given up: the ticker is another one's, and nothing of it may be touched any more.</returns>
    public bool Run(int subTick, TimeSpan now)
    {
        foreach (var room in Volatile.Read(ref _slots[subTick]))
        {
            counters.Ticks++;
            Volatile.Write(ref _running, room);
            var call = _call + 1;
            Volatile.Write(ref _call, call);
            RoomMember? lost = null;
            bool goesOn;
            TimeSpan start;
            try
            {
                start = room.Clock.Now;
                goesOn = Tick(room, now, out lost);
            }
            catch (Exception) when (!TryEnd(call)) // whatever it was: the thread was given up, and must not go on
            {
                room.Forget(lost, now);
                return false;
            }

            if (lost is not null || !TryEnd(call))
            {
                room.Forget(lost, now);
                return false;
            }

            if (goesOn)
                room.CountCost(room.Clock.Now - start);
            else
                Remove(room);
        }

        return true;
    }

    /// <summary>
    /// Gives up the thread that is in this tick of a room. The member whose turn it is leaves the room; when it is nobody's turn, the
    /// room ends. They are told.
    /// </summary>
    /// <returns>False when that tick is over.</returns>
    public bool TryGiveUp(long call)
    {
        var room = Running;
        if ((call & 1) == 0 || room is null || call != Call)
            return false;
        if (room.TakeTurn() is { } member)
        {
            Volatile.Write(ref _call, (Call | 1) + 1); // the thread that is in that turn goes no further
            room.Expel(member);
            MediaLog.MemberGivenUp(logger, room.Id);
            return true;
        }

        if (Interlocked.CompareExchange(ref _call, call + 1, call) != call)
            return false;
        Remove(room);
        room.Abandon();
        MediaLog.RoomGivenUp(logger, room.Id);
        return true;
    }

    /// <summary>Closes all rooms; only when nothing runs any more.</summary>
    public void ReleaseAll(TimeSpan now)
    {
        foreach (var slot in _slots)
        {
            foreach (var room in slot)
            {
                Remove(room);
                room.Release(now);
            }
        }
    }

    public void Dispose() => _wake.Dispose();

    private int MembersOf(int slot)
    {
        var sum = 0;
        foreach (var room in Volatile.Read(ref _slots[slot]))
            sum += Math.Max(1, room.MemberCount);
        return sum;
    }

    private bool Tick(MixRoom room, TimeSpan now, out RoomMember? lost)
    {
        lost = null;
        try
        {
            return room.Tick(now);
        }
        catch (TurnLostException e)
        {
            lost = e.Member;
        }
        catch (Exception e) // one room must not silence the others
        {
            room.Abandon();
            MediaLog.RoomFailed(logger, e, room.Id);
        }

        return false;
    }

    // False when another thread has ended it: this one has been given up.
    private bool TryEnd(long call) => Interlocked.CompareExchange(ref _call, call + 1, call) == call;

    private void Remove(MixRoom room)
    {
        lock (_gate)
        {
            for (var i = 0; i < _slots.Length; i++)
            {
                var rooms = Array.FindAll(_slots[i], other => other != room);
                _rooms -= _slots[i].Length - rooms.Length;
                Volatile.Write(ref _slots[i], rooms);
            }
        }
    }
}
