using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Rooms;

namespace Atm0s.Sip.Calls;

/// <summary>A call in its room: asks for a place, moves to another, leaves. On the call's shard but for what the room says.</summary>
internal sealed class RoomStay(Call call) : IRoomMember
{
    private volatile IRoomPlace? _place;
    private IDisposable? _joining;
    private Action<CallCommandResult>? _moving;
    private volatile RoomChange? _latest;

    string IRoomMember.ParticipantId => call.Info.ParticipantId ?? call.Id;

    /// <summary>Whether the call has a place.</summary>
    public bool HasPlace => _place is not null;

    /// <summary>Whether the room has said that nobody else is in it.</summary>
    public bool IsAlone => _latest is { Others: 0 };

    /// <summary>Whether the room has said that somebody else is connected in it.</summary>
    public bool HasOthers => _latest is { OthersConnected: > 0 };

    /// <summary>Where its audio goes; there is a place.</summary>
    public MixRoom Mix => _place!.Mix;

    /// <summary>Whether the call has its place there. Any thread.</summary>
    public bool IsIn(MixRoom room) => _place?.Mix == room;

    /// <summary>Asks for a place in the call's room; a host's may take a while, or refuse, which ends the call.</summary>
    /// <param name="onJoined">Runs when there is a place.</param>
    public void Join(Action onJoined) =>
        Ask(
            call.Info,
            place =>
            {
                _place = place;
                call.Note("room", place.RoomId, static room => $"in {room}");
                onJoined();
            },
            call.End);

    /// <summary>The call is answered.</summary>
    public void SetConnected() => _place!.SetConnected();

    /// <summary>Goes to another room.</summary>
    /// <param name="roomId">Its name.</param>
    /// <param name="onDone">Told once what became of it, at once or when a host has given its seat.</param>
    public void Move(string roomId, Action<CallCommandResult> onDone)
    {
        if (_place is null || _joining is not null)
        {
            onDone(CallCommandResult.NotPossible);
            return;
        }

        if (_place.RoomId == roomId)
        {
            onDone(CallCommandResult.AlreadyDone);
            return;
        }

        _moving = onDone;
        Ask(
            call.Info with { RoomId = roomId },
            place =>
            {
                _moving = null;
                Settle(place);
                onDone(CallCommandResult.Done);
            },
            _ =>
            {
                _moving = null;
                onDone(CallCommandResult.NotPossible);
            });
    }

    /// <summary>The phone has pressed a key: the others get it, where keys go on.</summary>
    /// <param name="digit">The key.</param>
    /// <param name="duration">How long it was pressed.</param>
    /// <param name="isHeardAsTone">Whether the others hear it as a tone already.</param>
    public void RelayDigit(char digit, TimeSpan duration, bool isHeardAsTone) => _place?.RelayDigit(digit, duration, isHeardAsTone);

    /// <summary>The call has ended.</summary>
    public void Leave(CallEnd why)
    {
        _joining?.Dispose();
        // The host has not said yet whether there is a seat, and nobody needs it any more.
        _moving?.Invoke(CallCommandResult.Ended);
        _moving = null;
        _place?.Leave(why);
    }

    void IRoomMember.OnRoomChanged(RoomChange change)
    {
        _latest = change;
        call.Post(() =>
        {
            // What an earlier room said does not count in the next.
            if (_place?.RoomId == change.RoomId)
                call.OnOthersChanged(change);
        });
    }

    void IRoomMember.OnDigit(char digit, TimeSpan duration) => call.Post(() => call.Digits.Relay(digit, duration));

    void IRoomMember.OnRemoved(string roomId, CallEndCause cause, string reason) => call.Post(() =>
    {
        if (_place is null || _place.RoomId == roomId)
            call.End(new CallEnd(cause, 480, reason));
    });

    private void Ask(CallInfo info, Action<IRoomPlace> onJoined, Action<CallEnd> onRefused) => _joining = call.Services.Rooms.Join(
        call.Shard,
        info.RoomId!,
        this,
        info,
        place => call.Guard(() =>
        {
            _joining = null;
            onJoined(place);
        }),
        why => call.Guard(() =>
        {
            _joining = null;
            onRefused(why);
        }),
        call);

    private void Settle(IRoomPlace place)
    {
        var old = _place!;
        _place = place;
        call.OnMoved(place.RoomId);
        call.Booth.OnMoved(old.Mix, place.Mix);
        if (call.Audio is { IsStarted: true } audio && !call.Hold.IsOn)
            audio.MoveTo(call.Booth.Mix, call.Booth.MixRule);
        if (call.State == CallState.Answered)
            place.SetConnected();

        old.Leave(new CallEnd(CallEndCause.LocalHangup, 480, "it has gone to another room"));
        ServerLog.CallMoved(call.Logger, call.Id, old.RoomId, place.RoomId);
        call.Events.Moved(old.RoomId);
    }
}
