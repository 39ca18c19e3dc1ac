using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Rooms;

namespace Atm0s.Sip.Calls;

/// <summary>
/// Ends an answered call that is to end with the others of its room: at once when all of them have left, and after a time when nobody
/// comes. A program that speaks with its phone alone is company, and puts both off until it is through. On the call's shard only.
/// </summary>
internal sealed class AloneWatch
{
    private readonly Call _call;
    private CallTimer? _timer;
    private bool _isAlone;
    private string? _deserted;  // the room that all others have left

    public AloneWatch(Call call) => _call = call;

    private bool IsOutgoing => _call.Info.Direction == CallDirection.Outgoing;

    public void OnOthersChanged(RoomChange change)
    {
        // A caller waits for somebody to speak with; to who was called it is enough that somebody is about to come.
        _isAlone = IsOutgoing ? change.Others == 0 : change.OthersConnected == 0;
        if (change.Others > 0)
            _deserted = null;
        else if (change.Left is not null && _call.Setup is null)
            _deserted = change.RoomId;
        Review();
    }

    public void OnAnswered()
    {
        _isAlone |= !IsOutgoing && !_call.Room.HasOthers;
        Review();
    }

    /// <summary>Somebody has come to speak with the phone alone, or has gone.</summary>
    public void OnCompanyChanged() => Review();

    public void Cancel() => _timer?.Cancel();

    private void Review()
    {
        if (_call.State != CallState.Answered)
            return;
        if (!_isAlone || !_call.EndsWithOthers || _call.HasCompany)
            _timer?.Cancel();
        else if (_deserted is not null && _deserted == _call.Info.RoomId)
            _call.End(new CallEnd(CallEndCause.OthersLeft, 0, "all other members have left the room"));
        else if (_timer is not { IsSet: true } && _call.AloneLimit > TimeSpan.Zero)
            (_timer ??= _call.NewTimer(OnDue)).Set(_call.AloneLimit);
    }

    private void OnDue() => _call.End(new CallEnd(
        IsOutgoing ? CallEndCause.OthersLeft : CallEndCause.NoAnswer, 480, "nobody else came to the room in time"));
}
