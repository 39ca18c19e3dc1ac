using Atm0s.Sip.Calls.Audio;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Calls.Booth;

/// <summary>
/// A small room between a phone and its room, there while something concerns this phone alone: a prompt, a recording or a stream of its
/// call. None -> Open -> None, by those who use it. Costs 20 ms of delay from the phone to the room and back. On the call's shard.
/// </summary>
internal sealed class CallBooth
{
    private const int MaxRules = 8; // of the rooms that the call has been in last

    private readonly Call _call;
    private volatile PlaceRule[] _rules = []; // one of a room, the last first
    private MixRoom? _mix;
    private BoothSeat? _seat;
    private int _users;
    private int _closers;

    public CallBooth(Call call)
    {
        _call = call;
        Player = new CallPlayer(call);
        Recorder = new CallRecorder(call);
        Streams = new CallStreams(call);
    }

    public CallPlayer Player { get; }

    public CallRecorder Recorder { get; }

    public CallStreams Streams { get; }

    /// <summary>Where the phone is when it is not on hold.</summary>
    public MixRoom Mix => _mix ?? _call.Room.Mix;

    /// <summary>The phone in its room, as long as it is in the booth. Any thread.</summary>
    public BoothDoor Door { get; } = new();

    /// <summary>Whether somebody uses it.</summary>
    public bool IsOpen => _mix is not null;

    /// <summary>Whether a program has the phone for itself: it and its room do not hear each other.</summary>
    public bool IsClosed => _closers > 0;

    /// <summary>Whether it can be used: there is audio, and the phone is in its room.</summary>
    public bool IsPossible => !_call.HasEnded && _call.Audio is { IsStarted: true } && _call.Room.HasPlace && !_call.Hold.IsOn;

    /// <summary>The rule that holds in the room where the phone is; null when it has none there. Any thread.</summary>
    public PlaceRule? Rule => Array.Find(_rules, rule => _call.Room.IsIn(rule.Room));

    /// <summary>The same in the words of the host. Any thread.</summary>
    public MemberRule Told => AudioMembers.Today(Rule?.Told ?? MemberRule.Default);

    /// <summary>The rule in <see cref="Mix"/>, as the mixing knows it: in the booth there is none.</summary>
    public MemberRule? MixRule => IsOpen ? null : Rule?.InAudio ?? MemberRule.Default;

    /// <summary>Whom the phone hears in its room, and who hears it there; in its booth it goes by none.</summary>
    /// <param name="told">As the host has said it.</param>
    /// <param name="inAudio">With members as the mixing knows them.</param>
    public void SetRule(MemberRule told, MemberRule inAudio)
    {
        var room = _call.Room.Mix;
        var others = _rules.Where(rule => rule.Room != room).Take(MaxRules - 1);
        _rules = ReferenceEquals(told, MemberRule.Default) ? [.. others] : [new PlaceRule(told, inAudio, room), .. others];
        if (_seat is not null)
            room.SetRule(Door, inAudio);
        else if (!_call.Hold.IsOn && _call.Audio is { IsStarted: true } audio)
            audio.MoveTo(room, inAudio);
        TellRule();
    }

    /// <summary>The call takes the place of another, in the same room.</summary>
    public void Follow(CallBooth other)
    {
        if (other.Rule is { } rule)
            SetRule(rule.Told, rule.InAudio);
        Streams.Wanted = other.Streams.Current;
    }

    /// <summary>The host holds the phone: it has left its booth, or its room, and whoever concerns it there waits.</summary>
    public void OnHeld()
    {
        if (_seat is { } seat)
            seat.IsHeld = true;
    }

    /// <summary>The hold is over: the phone is back in its booth, or in its room, by the rule that holds there.</summary>
    public void OnResumed()
    {
        if (_seat is { } seat)
            seat.IsHeld = false;
        if (_mix is { } mix)
            _call.Audio?.MoveTo(mix);
        else
            Return();
    }

    /// <summary>Begins to use it; it is possible.</summary>
    /// <param name="closes">Whether phone and room do not hear each other meanwhile.</param>
    public BoothSeat Enter(bool closes)
    {
        _users++;
        _closers += closes ? 1 : 0;
        _call.OnCompanyChanged();
        if (_seat is { } seat)
        {
            seat.IsClosed = IsClosed;
            return seat;
        }

        _seat = seat = new BoothSeat(_call.Audio!.SampleRate) { IsClosed = IsClosed };
        _mix = _call.Services.Media.Engine.CreateRoom($"{_call.Id} apart");
        _mix.Add(seat);
        Door.LeadTo(seat);
        AddDoor(_call.Room.Mix);
        _call.Audio.MoveTo(_mix);
        return seat;
    }

    /// <summary>Uses it no more.</summary>
    /// <param name="closes">As it was entered.</param>
    public void Leave(bool closes)
    {
        if (_seat is not { } seat)
            return;
        _users--;
        _closers -= closes ? 1 : 0;
        seat.IsClosed = IsClosed;
        if (_users == 0)
        {
            // In this order: a room that closes takes those with it who have nowhere to go.
            if (!_call.HasEnded && !_call.Hold.IsOn)
                Return();
            Close(seat);
        }

        _call.OnCompanyChanged();
    }

    /// <summary>The call has gone to another room, where its rule does not hold; when it comes back while that room is there, it does.</summary>
    public void OnMoved(MixRoom from, MixRoom to)
    {
        if (RuleIn(from) is not null || RuleIn(to) is not null)
            TellRule();
        if (_seat is null)
            return;
        AddDoor(to);
        from.Remove(Door);
    }

    /// <summary>The call has ended.</summary>
    public void End()
    {
        Player.End();
        Recorder.End();
        Streams.End();
        if (_seat is { } seat)
            Close(seat);
    }

    private void TellRule()
    {
        if (_call.Services.Events.IsWatched)
            _call.Services.Events.Tell(new SipServerEvent.RuleChanged(_call.Id, null, _call.Info.RoomId ?? "", Told));
    }

    private PlaceRule? RuleIn(MixRoom room) => Array.Find(_rules, rule => rule.Room == room);

    private void AddDoor(MixRoom room) => room.Add(Door, RuleIn(room)?.InAudio ?? MemberRule.Default);

    private void Return() => _call.Audio?.MoveTo(_call.Room.Mix, Rule?.InAudio ?? MemberRule.Default);

    private void Close(BoothSeat seat)
    {
        seat.Leave();
        if (_call.Room.HasPlace)
            _call.Room.Mix.Remove(Door);
        Door.LeadTo(null);
        _mix?.Close();
        (_mix, _seat, _users, _closers) = (null, null, 0, 0);
    }
}
