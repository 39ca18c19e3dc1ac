using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Calls;

/// <summary>
/// The hold by the host (RFC 3264 §8.4): the phone and its room do not hear each other, and the phone hears music or nothing. Off -> On ->
/// Off, each once the phone has agreed; the next command waits until it has answered the last. On the call's shard.
/// </summary>
internal sealed class CallHold(Call call)
{
    private const int MaxWaiting = 16;

    private readonly Queue<(CallCommand<CallCommandResult> Command, Action Begin)> _waiting = new(0);
    private MixRoom? _place;
    private bool _isAsking;

    /// <summary>Whether the phone is out of its room.</summary>
    public bool IsOn => _place is not null;

    /// <summary>Holds the phone.</summary>
    /// <param name="music">What it hears; null for nothing.</param>
    /// <param name="command">Gets what became of it.</param>
    public void Hold(IPcmEndpoint? music, CallCommand<CallCommandResult> command) => Run(command, () =>
    {
        if (Refuse(isOn: true, command))
            return;
        _place = call.Services.Media.Engine.CreateRoom($"{call.Id} on hold");
        if (music is not null)
            _place.Add(music);
        call.Audio!.MoveTo(_place);
        call.Booth.OnHeld();
        Ask(music is null ? SdpDirection.Inactive : SdpDirection.SendOnly, command, isAgreed =>
        {
            if (isAgreed)
                call.Events.Hold(isHeld: true, byHost: true);
            else
                Return();
        });
    });

    /// <summary>Lets it go on.</summary>
    public void Resume(CallCommand<CallCommandResult> command) => Run(command, () =>
    {
        if (Refuse(isOn: false, command))
            return;
        Ask(SdpDirection.SendRecv, command, isAgreed =>
        {
            if (!isAgreed)
                return;
            Return();
            call.Events.Hold(isHeld: false, byHost: true);
        });
    });

    /// <summary>The call has ended.</summary>
    public void End()
    {
        while (_waiting.TryDequeue(out var waiting))
            waiting.Command.Complete(CallCommandResult.Ended);
        Close();
    }

    private void Run(CallCommand<CallCommandResult> command, Action begin)
    {
        if (!_isAsking)
            begin();
        else if (_waiting.Count < MaxWaiting)
            _waiting.Enqueue((command, begin));
        else
            command.Complete(CallCommandResult.NotPossible);
    }

    private bool Refuse(bool isOn, CallCommand<CallCommandResult> command)
    {
        if (call.State == CallState.Answered && IsOn != isOn)
            return false;
        command.Complete(call.State == CallState.Answered ? CallCommandResult.AlreadyDone : CallCommandResult.NotPossible);
        return true;
    }

    private void Ask(SdpDirection direction, CallCommand<CallCommandResult> command, Action<bool> onAnswered)
    {
        var before = call.Audio!.Direction;
        call.Audio.Direction = direction;
        _isAsking = true;
        call.Dialog!.Offers.Renegotiate(result =>
        {
            _isAsking = false;
            if (result == CallCommandResult.NotPossible)
                call.Audio.Direction = before;
            if (result != CallCommandResult.Ended)
                onAnswered(result == CallCommandResult.Done);
            command.Complete(result);
            while (!_isAsking && _waiting.TryDequeue(out var next))
                Begin(next.Command, next.Begin);
        });
    }

    private static void Begin(CallCommand<CallCommandResult> command, Action begin)
    {
        try
        {
            begin();
        }
        catch
        {
            // The call ends by it.
            command.Complete(CallCommandResult.Ended);
            throw;
        }
    }

    // In this order: a room that closes takes those with it who have nowhere to go.
    private void Return()
    {
        call.Booth.OnResumed();
        Close();
    }

    private void Close()
    {
        _place?.Close();
        _place = null;
    }
}
