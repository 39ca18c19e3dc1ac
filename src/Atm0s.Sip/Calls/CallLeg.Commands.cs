using System.Collections.Concurrent;
using Atm0s.Sip.Diagnostics;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Rooms;

namespace Atm0s.Sip.Calls;

/// <content>What the host commands, from any thread: carried out on the shard, one after the other.</content>
internal abstract partial class CallLeg
{
    private readonly ConcurrentDictionary<TaskCompletionSource<CallCommandResult>, bool> _commands = new();
    private TaskCompletionSource<CallCommandResult>? _moving;
    private volatile bool _abandoned;
    private volatile bool _muted;
    private double _gain;

    public bool IsMuted
    {
        get => _muted;
        private set => _muted = value;
    }

    public double Gain
    {
        get => Volatile.Read(ref _gain);
        private set => Volatile.Write(ref _gain, value);
    }

    public abstract IReadOnlyList<KeyValuePair<string, string>> RemoteHeaders { get; }

    public Task<CallCommandResult> AnswerAsync() => CommandAsync(static leg => leg.TryAnswer());

    public Task<CallCommandResult> RejectAsync(int statusCode = 486, string? reasonPhrase = null)
    {
        // The factory refuses what can't be sent.
        var rejection = (InviteDecision.Rejection)InviteDecision.Reject(statusCode, reasonPhrase);
        return CommandAsync(leg => leg.TryReject(rejection));
    }

    public Task<CallCommandResult> HangUpAsync(int statusCode = 480)
    {
        if (statusCode is < 400 or > 699)
            throw new ArgumentOutOfRangeException(
                nameof(statusCode), statusCode, "A call is refused with a status code from 400 to 699, for example 480.");
        return CommandAsync(
            leg =>
            {
                leg.Finish(CallEndCause.LocalHangup, statusCode, "ended by the host");
                return CallCommandResult.Done;
            },
            CallCommandResult.AlreadyDone);
    }

    public Task<CallCommandResult> MuteAsync(bool muted = true) => CommandAsync(leg =>
    {
        if (leg.IsMuted == muted)
            return CallCommandResult.AlreadyDone;
        leg.IsMuted = muted;
        leg.Media?.Rtp.SetMuted(muted);
        return CallCommandResult.Done;
    });

    public Task<CallCommandResult> SetGainAsync(double decibels)
    {
        if (decibels is not (>= -40 and <= 20))
            throw new ArgumentOutOfRangeException(nameof(decibels), decibels, "The gain is from -40 to +20 dB.");
        return CommandAsync(leg =>
        {
            if (leg.Gain.Equals(decibels))
                return CallCommandResult.AlreadyDone;
            leg.Gain = decibels;
            leg.Media?.Rtp.SetGain(decibels);
            return CallCommandResult.Done;
        });
    }

    public Task<CallCommandResult> MoveToRoomAsync(string roomId)
    {
        ArgumentException.ThrowIfNullOrEmpty(roomId);
        if (roomId.Length > 256)
            throw new ArgumentException("A room name has at most 256 characters.", nameof(roomId));
        if (HasEnded)
            return Task.FromResult(CallCommandResult.Ended);
        var done = NewCommand();
        Post(() => Move(roomId, done));
        return done.Task;
    }

    /// <summary>The shard works no more: what still waits for it is answered here. After the stack has been disposed of.</summary>
    public void Abandon()
    {
        _abandoned = true;
        End(CallEndCause.Shutdown, 503, "the server stopped");
        foreach (var command in _commands.Keys)
            Complete(command, CallCommandResult.Ended);
    }

    /// <summary>Whether nothing can be sent any more, because the stack is gone.</summary>
    protected bool IsAbandoned => _abandoned;

    /// <summary>Answers a call that waits.</summary>
    protected abstract CallCommandResult TryAnswer();

    /// <summary>Refuses a call that is not answered.</summary>
    protected abstract CallCommandResult TryReject(InviteDecision.Rejection rejection);

    private TaskCompletionSource<CallCommandResult> NewCommand()
    {
        var command = new TaskCompletionSource<CallCommandResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _commands[command] = true;
        if (_abandoned)
            Complete(command, CallCommandResult.Ended);
        return command;
    }

    private void Complete(TaskCompletionSource<CallCommandResult> command, CallCommandResult result)
    {
        if (_commands.TryRemove(command, out _))
            command.SetResult(result);
    }

    private Task<CallCommandResult> CommandAsync(
        Func<CallLeg, CallCommandResult> command, CallCommandResult whenEnded = CallCommandResult.Ended)
    {
        if (HasEnded)
            return Task.FromResult(whenEnded);
        var done = NewCommand();
        Post(() =>
        {
            try
            {
                Complete(done, HasEnded ? whenEnded : command(this));
            }
            catch
            {
                // The call ends by it.
                Complete(done, whenEnded);
                throw;
            }
        });
        return done.Task;
    }

    private void Move(string roomId, TaskCompletionSource<CallCommandResult> done)
    {
        if (HasEnded)
        {
            Complete(done, CallCommandResult.Ended);
            return;
        }

        if (Place is null || _joining is not null)
        {
            Complete(done, CallCommandResult.NotPossible);
            return;
        }

        if (Place.RoomId == roomId)
        {
            Complete(done, CallCommandResult.AlreadyDone);
            return;
        }

        _moving = done;
        _joining = Services.Rooms.Join(Shard, roomId, this, _info with { RoomId = roomId }, outcome => Guard(() =>
        {
            _joining = null;
            if (outcome.Place is { } place)
                Settle(place);
            _moving = null;
            Complete(done, outcome.Place is null ? CallCommandResult.NotPossible : CallCommandResult.Done);
        }));
    }

    // The host has not said yet whether there is a seat, and nobody needs it any more.
    private void EndMove()
    {
        if (_moving is { } move)
            Complete(move, CallCommandResult.Ended);
        _moving = null;
    }

    private void Settle(IRoomPlace place)
    {
        var old = Place!;
        Place = place;
        _info = _info with { RoomId = place.RoomId };
        if (_state == CallState.Answered)
        {
            Media!.MoveTo(place.Mix);
            place.SetConnected();
        }

        old.Leave(new RoomLeave(CallEndCause.LocalHangup, 480));
        ServerLog.CallMoved(Services.Logger, Id, old.RoomId, place.RoomId);
        Tell(new CallEvent.Moved { Call = _info, Timestamp = Shard.Stack.Clock.UtcNow, FromRoomId = old.RoomId });
    }
}
