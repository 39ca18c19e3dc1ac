using Atm0s.Sip.Dashboard.Messages;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Dashboard.Live;

/// <summary>What the server's events tell between two looks. The feed's lock guards it.</summary>
internal sealed class Tidings
{
    /// <summary>Calls that began since the last second.</summary>
    public int Begun { get; private set; }

    /// <summary>Calls that failed since the last second.</summary>
    public int Failed { get; private set; }

    /// <summary>Whether phones came or went since they were last read.</summary>
    public bool PhonesChanged { get; set; } = true;

    /// <summary>Whether trunks changed since they were last read.</summary>
    public bool TrunksChanged { get; set; } = true;

    /// <summary>Whether calls ended since the ended ones were last read.</summary>
    public bool CallsEnded { get; set; } = true;

    public Happenings Happenings { get; } = new();

    /// <summary>Writes an event down.</summary>
    public void Add(SipServerEvent what, DateTimeOffset now)
    {
        switch (what)
        {
            case SipServerEvent.Call { Event: CallEvent.Connecting }:
                Begun++;
                break;
            case SipServerEvent.Call { Event: CallEvent.Ended end }:
                CallsEnded = true;
                AddEnd(end);
                break;
            // A refresh changes little, and phones refresh all the time.
            case SipServerEvent.Registered { Registration.IsRefresh: false }:
                PhonesChanged = true;
                break;
            case SipServerEvent.Unregistered { Registration: var phone, Reason: var reason }:
                PhonesChanged = true;
                if (reason is UnregisterReason.Expired or UnregisterReason.FlowClosed)
                    Happenings.Add(new Happening(
                        now.ToUnixTimeMilliseconds(), "phone", $"{RowText.Short(phone.Username)} is gone: {RowText.Words(reason)}", null));
                break;
            case SipServerEvent.Trunk { Info: var trunk }:
                TrunksChanged = true;
                if (trunk.State == TrunkState.Failed)
                    Happenings.Add(new Happening(
                        now.ToUnixTimeMilliseconds(), "trunk", $"Trunk {RowText.Short(trunk.Name)} failed: {trunk.StatusCode}", null));
                break;
            case SipServerEvent.Missed:
                PhonesChanged = TrunksChanged = CallsEnded = true;
                break;
        }
    }

    /// <summary>A second has passed.</summary>
    public void StepSecond() => (Begun, Failed) = (0, 0);

    private void AddEnd(CallEvent.Ended end)
    {
        if (!EndedCalls.IsFailure(end.Cause))
            return;
        Failed++;
        var status = end.StatusCode == 0 ? "" : $" ({end.StatusCode})";
        Happenings.Add(new Happening(
            end.Timestamp.ToUnixTimeMilliseconds(), "call",
            $"{RowText.Short(end.Call.From)} to {RowText.Short(end.Call.To)}: {RowText.Words(end.Cause)}{status}", end.Call.CallId));
    }
}
