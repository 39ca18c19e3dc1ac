using Atm0s.Sip.Media.Diagnostics;
using Atm0s.Sip.Media.Mixing;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Clock;

/// <summary>The rooms of one media thread, by sub-tick. <see cref="Run"/> is called by one thread at a time; the rest by any.</summary>
internal sealed class MediaTicker(MediaCounters counters, ILogger logger) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly MixRoom[][] _slots = [[], [], [], []];
    private readonly AutoResetEvent _wake = new(false);
    private int _rooms;

    public MediaCounters Counters => counters;

    public bool IsIdle => Volatile.Read(ref _rooms) == 0;

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

    /// <summary>Waits until there is a room, at most that long.</summary>
    public void WaitForRoom(TimeSpan time) => _wake.WaitOne(time);

    /// <summary>Lets a thread that waits look around.</summary>
    public void Wake() => _wake.Set();

    public void Run(int subTick, TimeSpan now)
    {
        foreach (var room in Volatile.Read(ref _slots[subTick]))
        {
            try
            {
                counters.Ticks++;
                if (!room.Tick(now)) Remove(room, subTick);
            }
            catch (Exception e) // one room must not silence the others
            {
                MediaLog.RoomFailed(logger, e, room.Id);
                Remove(room, subTick);
                room.Release(now);
            }
        }
    }

    /// <summary>Closes all rooms; only when nothing runs any more.</summary>
    public void ReleaseAll(TimeSpan now)
    {
        for (var i = 0; i < _slots.Length; i++)
        {
            foreach (var room in _slots[i])
            {
                Remove(room, i);
                room.Release(now);
            }
        }
    }

    public void Dispose() => _wake.Dispose();

    private void Remove(MixRoom room, int subTick)
    {
        lock (_gate)
        {
            var rooms = Array.FindAll(_slots[subTick], other => other != room);
            if (rooms.Length < _slots[subTick].Length) _rooms--;
            Volatile.Write(ref _slots[subTick], rooms);
        }
    }
}
