using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Calls;

/// <summary>
/// The hold by the host (RFC 3264 §8.4): the phone and its room do not hear each other, and the phone hears music or nothing. Off -> On, once the
/// phone has agreed -> Off. On the call's shard.
/// </summary>
internal sealed class CallHold(Call call)
{
    private MixRoom? _place;

    /// <summary>Whether the phone is out of its room.</summary>
    public bool IsOn => _place is not null;

    /// <summary>Holds the phone.</summary>
    /// <param name="music">What it hears; null for nothing.</param>
    /// <param name="command">Gets what became of it.</param>
    public void Hold(IPcmEndpoint? music, CallCommand command)
    {
        if (Refuse(isOn: true, command))
            return;
        _place = call.Services.Media.Engine.CreateRoom($"{call.Id} on hold");
        if (music is not null)
            _place.Add(music);
        call.Audio!.MoveTo(_place);
        Ask(music is null ? SdpDirection.Inactive : SdpDirection.SendOnly, agreed =>
        {
            if (agreed == CallCommandResult.Done)
                call.ReportHold(isHeld: true, byHost: true);
            else
                Return();
            command.Complete(agreed);
        });
    }

    /// <summary>Lets it go on.</summary>
    public void Resume(CallCommand command)
    {
        if (Refuse(isOn: false, command))
            return;
        Return();
        Ask(SdpDirection.SendRecv, agreed =>
        {
            if (agreed == CallCommandResult.Done)
                call.ReportHold(isHeld: false, byHost: true);
            command.Complete(agreed);
        });
    }

    /// <summary>The call has ended.</summary>
    public void End()
    {
        _place?.Close();
        _place = null;
    }

    private bool Refuse(bool isOn, CallCommand command)
    {
        if (call.State == CallState.Answered && IsOn != isOn)
            return false;
        command.Complete(call.State == CallState.Answered ? CallCommandResult.AlreadyDone : CallCommandResult.NotPossible);
        return true;
    }

    private void Ask(SdpDirection direction, Action<CallCommandResult> onAgreed)
    {
        var before = call.Audio!.Direction;
        call.Audio.Direction = direction;
        call.Dialog!.Offers.Renegotiate(agreed =>
        {
            if (agreed == CallCommandResult.NotPossible)
                call.Audio.Direction = before;
            onAgreed(agreed);
        });
    }

    private void Return()
    {
        End();
        if (!call.HasEnded)
            call.Audio!.MoveTo(call.Room.Mix);
    }
}
