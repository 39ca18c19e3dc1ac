using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Rooms;

namespace Atm0s.Sip.Calls;

/// <summary>
/// Ends an answered call to which nobody comes: one that was rung for somebody who has gone meanwhile, or one that is to end with others
/// who never came. On the call's shard only.
/// </summary>
internal sealed class AloneWatch
{
    private readonly Call _call;
    private CallTimer? _timer;
    private bool _isAlone;

    public AloneWatch(Call call) => _call = call;

    private bool IsOutgoing => _call.Info.Direction == CallDirection.Outgoing;

    public void OnOthersChanged(RoomChange change)
    {
        // A caller waits for somebody to speak with; to who was called it is enough that somebody is about to come.
        _isAlone = IsOutgoing ? change.Others == 0 : change.OthersConnected == 0;
        Arm();
    }

    public void OnAnswered()
    {
        _isAlone |= !IsOutgoing && !_call.Room.HasOthers;
        Arm();
    }

    public void Cancel() => _timer?.Cancel();

    private void Arm()
    {
        if (!_isAlone || !_call.EndsWithOthers || _call.State != CallState.Answered)
            _timer?.Cancel();
        else if (_timer is not { IsSet: true } && _call.AloneLimit > TimeSpan.Zero)
            (_timer ??= _call.NewTimer(OnDue)).Set(_call.AloneLimit);
    }

    private void OnDue() => _call.End(new CallEnd(
        IsOutgoing ? CallEndCause.OthersLeft : CallEndCause.NoAnswer, 480, "nobody else came to the room in time"));
}
