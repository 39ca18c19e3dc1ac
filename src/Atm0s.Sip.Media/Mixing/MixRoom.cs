using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Diagnostics;
using Atm0s.Sip.Media.Forwarding;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>
/// A room: every 20 ms each member hears the sum of all others, limited so that it does not clip; with many members, of the loudest of them
/// (<see cref="MaxSpeakers"/>). Its rate is the highest of its members' (8, 16 or 48 kHz). Changes may be asked for on any thread; they are
/// made at the next tick. A member that throws leaves alone.
/// </summary>
public sealed class MixRoom
{
    /// <summary>For <see cref="MaxSpeakers"/>: everybody is heard, however many they are.</summary>
    public const int AllSpeakers = int.MaxValue;

    private const int MaxOperations = 10_000;

    private readonly Lock _gate = new();
    private readonly ConcurrentQueue<RoomOperation> _operations = new();
    private readonly List<RoomMember> _members = new(16); // awake
    private readonly RoomSleepers _sleepers = new();
    private readonly RoomExit _exit;
    private readonly RoomMixer _mixer;
    private readonly MediaMetrics _metrics;
    private readonly ILogger _logger;
    private RoomMember[] _known = []; // the members, for threads that ask
    private int _sampleRate = 8000;
    private volatile int _maxSpeakers = AllSpeakers;
    private volatile bool _closing;
    private volatile bool _abandoned;
    private bool _closed; // under _gate
    private TimeSpan _ticked = TimeSpan.MinValue;
    private TimeSpan _givenAt = TimeSpan.MinValue; // time of the last tick on another thread
    private bool _changed; // members that are awake, or their rates
    private bool _hasNew; // or lacks somebody: others are to know

    internal MixRoom(string id, MediaClock clock, MediaCounters counters, MediaMetrics metrics, Random random, ILogger logger)
    {
        Id = id;
        Clock = clock;
        Counters = counters;
        Random = random;
        _metrics = metrics;
        _logger = logger;
        _mixer = new RoomMixer(logger);
        _exit = new RoomExit(id, logger);
        metrics.AddRooms(1);
    }

    /// <summary>Name given by <see cref="MediaEngine.CreateRoom"/>.</summary>
    public string Id { get; }

    /// <summary>Rate of the mix, in Hz, as of the last tick: 8000, 16000 or 48000. It follows its members within three ticks.</summary>
    public int SampleRate => Volatile.Read(ref _sampleRate);

    /// <summary>
    /// How many are heard at a time, in rooms with two members more than this and beyond: the loudest, and who speaks has an advantage over
    /// who begins to. 1 to 16, or <see cref="AllSpeakers"/>; default that of the engine. Everybody in the room hears the same speakers,
    /// members inside this process too: a recording is what was heard.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">None of those.</exception>
    public int MaxSpeakers
    {
        get => _maxSpeakers;
        set
        {
            if (value is not (AllSpeakers or (>= 1 and <= SpeakerSelector.MaxSpeakers)))
                throw new ArgumentOutOfRangeException(nameof(value), value, "1 to 16 speakers, or all.");
            _maxSpeakers = value;
        }
    }

    /// <summary>Members as of the last tick, legs included.</summary>
    public int MemberCount => Volatile.Read(ref _known).Length;

    /// <summary>Its leg speaks, and is spoken to, in Opus packets; null (default): in a mix alone. Set before the leg comes.</summary>
    internal OpusExchange? Exchange { get; set; }

    /// <summary>Encoders for what all listeners hear.</summary>
    internal EncodeGroups Groups => _mixer.Groups;

    /// <summary>Members, those included that come at the next tick.</summary>
    internal int ExpectedMembers => MemberCount + _operations.Count + 1;

    /// <summary>What time it is now: a tick is told when it was due, which may have been a while ago.</summary>
    internal MediaClock Clock { get; }

    /// <summary>Counters of the room's media thread.</summary>
    internal MediaCounters Counters { get; private set; }

    /// <summary>Randomness of the room's media thread, for it only.</summary>
    internal Random Random { get; private set; }

    /// <summary>What its tick takes, smoothed, in units of 100 ns. Media thread.</summary>
    internal double Cost { get; private set; }

    /// <summary>Adds a member; nothing changes when it is here already.</summary>
    /// <param name="endpoint">The member.</param>
    /// <returns>False when it does not join: the room is closed, or 10,000 operations wait since it does not tick.</returns>
    /// <exception cref="ArgumentException">Its rate is none of 8000, 16000 and 48000 Hz.</exception>
    public bool Add(IPcmEndpoint endpoint) => Seat(endpoint, null);

    /// <summary>Adds a member by a rule, which holds from its first tick on; one that is here already has it from the next tick on.</summary>
    /// <param name="endpoint">The member.</param>
    /// <param name="rule">The rule. Its sets are copied.</param>
    /// <returns>As <see cref="Add(IPcmEndpoint)"/>.</returns>
    /// <exception cref="ArgumentException">Its rate is none of 8000, 16000 and 48000 Hz.</exception>
    public bool Add(IPcmEndpoint endpoint, MemberRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return Seat(endpoint, rule.Freeze());
    }

    /// <summary>Removes a member; nothing changes when it is not here.</summary>
    /// <param name="endpoint">The member.</param>
    /// <returns>False when the room is closed (then the member has left), or 10,000 operations wait since it does not tick.</returns>
    public bool Remove(IPcmEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return TryPost(new RoomOperation(null, endpoint));
    }

    /// <summary>Lets a member hear others than all, be heard by others than all, or be heard in any case.</summary>
    /// <param name="endpoint">The member; nothing changes when it is not here.</param>
    /// <param name="rule">The rule, from the next tick on. Its sets are copied.</param>
    /// <returns>As <see cref="Remove"/>.</returns>
    public bool SetRule(IPcmEndpoint endpoint, MemberRule rule)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(rule);
        return TryPost(new RoomOperation(null, endpoint, rule.Freeze()));
    }

    /// <summary>Closes the room and the legs in it, at its next tick. Nothing happens the second time.</summary>
    public void Close() => _closing = true;

    /// <summary>Makes what the room will need for a member of these rates: here, where filters may be made, not in the tick.</summary>
    internal void MakeWay(RoomMember member, int inputRate, int outputRate)
    {
        var rate = SampleRate;
        var needed = Math.Max(rate, Math.Max(inputRate, outputRate));
        member.Provide(new MixLane(inputRate, needed, outputRate));
        if (needed == rate)
            return;
        _mixer.Provide(new MixBus(needed));
        foreach (var other in Volatile.Read(ref _known))
        {
            if (other != member)
                other.Provide(new MixLane(other.InputRate, needed, other.OutputRate));
        }
    }

    /// <summary>The room ticks on another thread from now on. Called by the one that has ticked it, after a tick.</summary>
    internal void ChangeThread(MediaCounters counters, Random random)
    {
        (Counters, Random, _givenAt) = (counters, random, _ticked);
        foreach (var member in _members)
            member.ChangeThread(this);
        foreach (var member in _sleepers.Members)
            member.ChangeThread(this);
    }

    /// <summary>Something was asked of a member, which may be asleep. Any thread, after what is asked can be seen.</summary>
    internal void Wake(RoomMember member) => _sleepers.Call(member);

    /// <summary>Notes what a tick took.</summary>
    internal void CountCost(TimeSpan took) => Cost += (took.Ticks - Cost) / 16;

    /// <summary>20 ms of the room.</summary>
    /// <returns>False when the room is closed, and has let go of all members.</returns>
    internal bool Tick(TimeSpan now)
    {
        if (_closing)
        {
            Release(now);
            return false;
        }

        // It has come from a thread that was in time to one that is late: this tick was there already.
        if (now <= _givenAt)
            return true;
        _ticked = now;

        try
        {
            Run(now);
            return true;
        }
        catch (Exception e) when (e is not TurnLostException) // nothing that a member does comes so far
        {
            MediaLog.RoomFailed(_logger, e, Id);
            Release(now, hasFailed: true);
            return false;
        }
    }

    /// <summary>Closes the room and releases its members, those that were about to come included.</summary>
    /// <param name="now">Monotonic.</param>
    /// <param name="hasFailed">Whether the members have to be told that they ended.</param>
    internal void Release(TimeSpan now, bool hasFailed = false)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
        }

        Apply();
        WakeAll();
        foreach (var member in _members)
        {
            if (!member.IsFinished && (member.Destination ?? member.TakeMove()) is { } next)
            {
                Hand(member, next, now);
                continue;
            }

            if (hasFailed)
                _exit.Tell(member);
            _exit.LetGo(member, now);
        }

        _members.Clear();
        Volatile.Write(ref _known, []);
        Groups.Release();
        Exchange?.Release();
        _metrics.AddRooms(-1);
    }

    /// <summary>Takes the turn away that lasts, if one does. Another thread; the room's own has no business here from then on.</summary>
    /// <returns>Whose it is.</returns>
    internal RoomMember? TakeTurn()
    {
        return Lasting(CollectionsMarshal.AsSpan(_members)) ?? Lasting(_sleepers.Members);

        static RoomMember? Lasting(ReadOnlySpan<RoomMember> members)
        {
            foreach (var member in members)
            {
                if (member?.TryTakeTurn(ifIn: true) == true)
                    return member;
            }

            return null;
        }
    }

    /// <summary>Goes on without a member whose turn was taken away. Another thread, while none ticks the room.</summary>
    internal void Expel(RoomMember member)
    {
        _members.Remove(member);
        _sleepers.Remove(member);
        _changed = _hasNew = true;
        _exit.TellOfLoss(member);
    }

    /// <summary>
    /// The thread that ticks the room does not come back, and is in no member's turn: the room ends, and its members are told. Another
    /// thread.
    /// </summary>
    internal void Abandon()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
            _abandoned = true;
        }

        foreach (var member in CollectionsMarshal.AsSpan(_members))
            TakeFrom(member);
        foreach (var member in _sleepers.Members)
            TakeFrom(member);
        while (_operations.TryDequeue(out var operation))
            TakeFrom(operation.Joining);
        _metrics.AddRooms(-1);

        void TakeFrom(RoomMember? member)
        {
            if (member?.TryTakeTurn(ifIn: false) == true)
                _exit.TellOfLoss(member);
        }
    }

    /// <summary>
    /// The thread that lost a turn or the room has come back. It lets go of what it alone may have been in; nothing else here is its own.
    /// </summary>
    /// <param name="member">Whose turn it lost, if that is why.</param>
    /// <param name="now">Monotonic.</param>
    internal void Forget(RoomMember? member, TimeSpan now)
    {
        if (!_abandoned)
        {
            if (member is not null)
                _exit.LetGo(member, now);
            return;
        }

        WakeAll();
        foreach (var other in _members)
            _exit.LetGo(other, now);
        _members.Clear();
    }

    private void WakeAll()
    {
        foreach (var member in _sleepers.Members)
            _members.Add(member);
        _sleepers.Clear();
    }

    private void Run(TimeSpan now)
    {
        Apply();
        Exchange?.Begin(now);
        var awake = _members.Count;
        _sleepers.Wake(now, _members);
        _changed |= _members.Count != awake;
        var someLeave = Prepare(now);
        if (_changed)
            Follow();
        _mixer.Mix(_members, _maxSpeakers, Counters.Governor.MaxComplexity, now);
        Volatile.Write(ref _sampleRate, _mixer.Rate);
        if (someLeave || SomeFailed())
            Dismiss(now);
    }

    /// <summary>Asks for something at the next tick; false when the room is closed, or so much waits that it can't be ticking.</summary>
    internal bool TryPost(RoomOperation operation)
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
            if (operation.Joining is PcmMember joining)
                Seat(joining, operation.Rule);
            else if (operation.Joining is not null)
                Seat(operation.Joining);
            else if (Find(operation.Endpoint) is { } ruled && operation.Rule is { } rule)
                ruled.SetRule(rule);
            else if (Find(operation.Endpoint) is { } leaving)
                leaving.IsLeaving = true;
            _changed = _hasNew = true;
        }
    }

    private bool Seat(IPcmEndpoint endpoint, MemberRule? rule)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (endpoint.SampleRate is not (8000 or 16000 or 48000))
            throw new ArgumentException("Rates are 8000, 16000 and 48000 Hz.", nameof(endpoint));
        var member = new PcmMember(endpoint, Id, _logger);
        MakeWay(member, member.InputRate, member.OutputRate);
        return TryPost(new RoomOperation(member, null, rule));
    }

    private void Seat(PcmMember member, MemberRule? rule)
    {
        var present = Find(member.Endpoint);
        if (present?.InputRate == member.InputRate)
        {
            present.IsLeaving = false;
            if (rule is not null)
                present.SetRule(rule);
            return;
        }

        // Its rate is another: read as two members it would be heard too fast.
        if (present is not null)
            present.IsLeaving = true;
        if (rule is not null)
            member.SetRule(rule);
        Seat((RoomMember)member);
    }

    private void Seat(RoomMember member)
    {
        // The room may have gone to another thread since the member was made for it.
        member.ChangeThread(this);
        _members.Add(member);
    }

    private PcmMember? Find(IPcmEndpoint? endpoint)
    {
        for (var i = _members.Count - 1; i >= 0; i--)
        {
            if (_members[i] is PcmMember member && ReferenceEquals(member.Endpoint, endpoint))
                return member;
        }

        return null;
    }

    /// <returns>Whether this is the last tick of a member.</returns>
    private bool Prepare(TimeSpan now)
    {
        var someLeave = false;
        for (var i = 0; i < _members.Count; i++)
        {
            var member = _members[i];
            var (input, output) = (member.InputRate, member.OutputRate);
            member.Prepare(now);
            if (member.IsFinished)
                member.IsLeaving = true;
            else if (member.TakeMove() is { } next && next != this)
                (member.IsLeaving, member.Destination) = (true, next);
            someLeave |= member.IsLeaving;
            _changed |= member.InputRate != input || member.OutputRate != output;
            if (member.MaySleep && !member.IsLeaving && member.Failure is null)
            {
                _members.RemoveAt(i--);
                _sleepers.Add(member);
            }
        }

        return someLeave;
    }

    private void Follow()
    {
        _changed = false;
        _mixer.Follow(_members);
        if (!_hasNew)
            return;
        _hasNew = false;
        Volatile.Write(ref _known, [.. _members, .. _sleepers.Members]);
    }

    private bool SomeFailed()
    {
        foreach (var member in _members)
        {
            if (member.Failure is not null)
                return true;
        }

        return false;
    }

    /// <summary>Takes those out whose last tick this was.</summary>
    private void Dismiss(TimeSpan now)
    {
        for (var i = _members.Count - 1; i >= 0; i--)
        {
            var member = _members[i];
            if (member.Failure is null && !member.IsLeaving)
                continue;
            _members.RemoveAt(i);
            _changed = _hasNew = true;
            if (member.Failure is null && member.Destination is { } next)
            {
                Hand(member, next, now);
                continue;
            }

            if (member.Failure is { } failure)
            {
                MediaLog.MemberEnded(_logger, failure, Id);
                _exit.Tell(member);
            }

            _exit.LetGo(member, now);
        }

        Follow();
    }

    // From here on the member is the other room's, which may tick on another thread.
    private void Hand(RoomMember member, MixRoom next, TimeSpan now)
    {
        member.Enter(next);
        if (next.TryPost(new RoomOperation(member, null)))
            return;
        // That one has just closed; a later wish, such as to come back, still holds.
        if (!member.IsFinished && member.TakeMove() is { } later)
        {
            member.Enter(later);
            if (later.TryPost(new RoomOperation(member, null)))
                return;
        }

        _exit.Tell(member);
        _exit.LetGo(member, now);
    }
}
