using System.Collections.Concurrent;
using Atm0s.Sip.Media.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>
/// A room: every 20 ms each member hears the sum of all others. Its rate is the highest of its members' (8, 16 or 48 kHz). Changes may be
/// asked for on any thread; they are made at the next tick.
/// </summary>
public sealed class MixRoom
{
    private const int MaxOperations = 10_000;

    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<RoomOperation> _operations = new();
    private readonly List<RoomMember> _members = new(16);
    private readonly MediaMetrics _metrics;
    private readonly ILogger _logger;
    private readonly int[] _sum = new int[960];
    private readonly short[] _mix = new short[960];
    private readonly short[] _all = new short[960];
    private readonly short[] _silence = new short[960];
    private int _sampleRate = 8000;
    private int _memberCount;
    private volatile bool _closing;
    private bool _closed; // under _gate
    private bool _ratesChanged;
    private bool _failed; // a member has thrown in this tick

    internal MixRoom(string id, MediaCounters counters, MediaMetrics metrics, Random random, ILogger logger)
    {
        Id = id;
        Counters = counters;
        Random = random;
        _metrics = metrics;
        _logger = logger;
        metrics.AddRooms(1);
    }

    /// <summary>Name given by <see cref="MediaEngine.CreateRoom"/>.</summary>
    public string Id { get; }

    /// <summary>Rate of the mix, in Hz, as of the last tick: 8000, 16000 or 48000.</summary>
    public int SampleRate => Volatile.Read(ref _sampleRate);

    /// <summary>Members as of the last tick, legs included.</summary>
    public int MemberCount => Volatile.Read(ref _memberCount);

    /// <summary>Counters of the room's media thread.</summary>
    internal MediaCounters Counters { get; }

    /// <summary>Randomness of the room's media thread, for it only.</summary>
    internal Random Random { get; }

    /// <summary>Adds a member; nothing changes when it is here already.</summary>
    /// <param name="endpoint">The member.</param>
    /// <returns>False when it does not join: the room is closed, or 10,000 operations wait since it does not tick.</returns>
    /// <exception cref="ArgumentException">Its rate is none of 8000, 16000 and 48000 Hz.</exception>
    public bool Add(IPcmEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (endpoint.SampleRate is not (8000 or 16000 or 48000))
            throw new ArgumentException("Rates are 8000, 16000 and 48000 Hz.", nameof(endpoint));
        return TryAdd(new PcmMember(endpoint, Id, _logger));
    }

    /// <summary>Removes a member; nothing changes when it is not here.</summary>
    /// <param name="endpoint">The member.</param>
    /// <returns>False when the room is closed (then the member has left), or 10,000 operations wait since it does not tick.</returns>
    public bool Remove(IPcmEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return TryPost(new RoomOperation(null, endpoint));
    }

    /// <summary>Closes the room and the legs in it, at its next tick. Nothing happens the second time.</summary>
    public void Close() => _closing = true;

    /// <summary>Adds a member; false when the room is closed, or so many operations wait that it can't be ticking.</summary>
    internal bool TryAdd(RoomMember member) => TryPost(new RoomOperation(member, null));

    /// <summary>20 ms of the room.</summary>
    /// <returns>False when the room is closed, and has let go of all members.</returns>
    internal bool Tick(TimeSpan now)
    {
        if (_closing)
        {
            Release(now);
            return false;
        }

        Apply();
        PrepareMembers(now);
        if (_ratesChanged)
            FollowRates();
        Mix(now);
        if (_failed)
            DropFailed(now);
        return true;
    }

    /// <summary>Closes the room and releases its members, those that were about to come included.</summary>
    internal void Release(TimeSpan now)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
        }

        Apply();
        foreach (var member in _members)
        {
            if (member.IsFinished || member.TakeMove() is not { } next)
                LetGo(member, now);
            else
                Hand(member, next, now);
        }

        _members.Clear();
        Volatile.Write(ref _memberCount, 0);
        _metrics.AddRooms(-1);
    }

    private bool TryPost(RoomOperation operation)
    {
        lock (_gate)
        {
            if (_closed || _operations.Count >= MaxOperations)
                return false;
            _operations.Enqueue(operation);
            return true;
        }
    }

    private void Apply()
    {
        while (_operations.TryDequeue(out var operation))
        {
            if (operation.Joining is PcmMember joining && Find(joining.Endpoint) >= 0) continue;
            if (operation.Joining is not null) _members.Add(operation.Joining);
            else if (Find(operation.Leaving) is >= 0 and var index) _members.RemoveAt(index);
            _ratesChanged = true;
        }
    }

    private int Find(IPcmEndpoint? endpoint)
    {
        for (var i = 0; i < _members.Count; i++)
        {
            if (_members[i] is PcmMember member && ReferenceEquals(member.Endpoint, endpoint)) return i;
        }

        return -1;
    }

    private void PrepareMembers(TimeSpan now)
    {
        for (var i = _members.Count - 1; i >= 0; i--)
        {
            var member = _members[i];
            var rate = member.SampleRate;
            try
            {
                member.Prepare(now);
            }
            catch (Exception e)
            {
                Fail(member, e);
                _members.RemoveAt(i);
                LetGo(member, now);
                _ratesChanged = true;
                continue;
            }

            if (member.IsFinished)
            {
                _members.RemoveAt(i);
                LetGo(member, now);
                _ratesChanged = true;
            }
            else if (member.TakeMove() is { } next && next != this)
            {
                _members.RemoveAt(i);
                Hand(member, next, now);
                _ratesChanged = true;
            }
            else if (member.SampleRate != rate)
            {
                _ratesChanged = true;
            }
        }
    }

    // From here on the member is the other room's, which may tick on another thread.
    private void Hand(RoomMember member, MixRoom next, TimeSpan now)
    {
        member.Enter(next);
        if (!next.TryAdd(member))
            LetGo(member, now);
    }

    /// <summary>A member threw: it alone ends, the tick goes on.</summary>
    private void Fail(RoomMember member, Exception e)
    {
        _failed = true;
        if (member.IsFailed)
            return;
        member.IsFailed = true;
        MediaLog.MemberEnded(_logger, e, Id);
        try
        {
            member.OnFailed();
        }
        catch (Exception other)
        {
            MediaLog.MemberEnded(_logger, other, Id);
        }
    }

    private void DropFailed(TimeSpan now)
    {
        _failed = false;
        for (var i = _members.Count - 1; i >= 0; i--)
        {
            var member = _members[i];
            if (!member.IsFailed)
                continue;
            _members.RemoveAt(i);
            LetGo(member, now);
            _ratesChanged = true;
        }
    }

    private void LetGo(RoomMember member, TimeSpan now)
    {
        try
        {
            member.Release(now);
        }
        catch (Exception e)
        {
            MediaLog.MemberEnded(_logger, e, Id);
        }
    }

    private void Pull(RoomMember member, TimeSpan now)
    {
        if (member.IsFailed)
            return;
        try
        {
            member.Pull(now);
        }
        catch (Exception e)
        {
            Fail(member, e);
        }
    }

    private void Push(RoomMember member, ReadOnlySpan<short> frame, bool silent, TimeSpan now)
    {
        if (member.IsFailed)
            return;
        try
        {
            member.Push(frame, silent, now);
        }
        catch (Exception e)
        {
            Fail(member, e);
        }
    }

    private void FollowRates()
    {
        _ratesChanged = false;
        var rate = 8000;
        foreach (var member in _members) rate = Math.Max(rate, member.SampleRate);
        foreach (var member in _members)
        {
            try
            {
                member.SetRoomRate(rate);
            }
            catch (Exception e)
            {
                Fail(member, e);
            }
        }

        Volatile.Write(ref _sampleRate, rate);
        Volatile.Write(ref _memberCount, _members.Count);
    }

    private void Mix(TimeSpan now)
    {
        var length = _sampleRate / 50;
        var sum = _sum.AsSpan(0, length);
        sum.Clear();
        RoomMember? first = null, second = null;
        var speakers = 0;
        foreach (var member in _members)
        {
            Pull(member, now);
            if (!member.IsHeard) continue;
            speakers++;
            if (first is null) first = member;
            else second ??= member;
            AudioMixer.Add(sum, member.Said);
        }

        var all = _all.AsSpan(0, length);
        if (speakers > 1) AudioMixer.Clamp(sum, all);
        foreach (var member in _members)
        {
            var others = member.IsHeard ? speakers - 1 : speakers;
            if (others == 0)
            {
                Push(member, _silence.AsSpan(0, length), true, now);
            }
            else if (others == 1)
            {
                Push(member, (member == first ? second : first)!.Said, false, now);
            }
            else if (!member.IsHeard)
            {
                Push(member, all, false, now);
            }
            else
            {
                var mix = _mix.AsSpan(0, length);
                AudioMixer.Subtract(sum, member.Said, mix);
                Push(member, mix, false, now);
            }
        }
    }
}
