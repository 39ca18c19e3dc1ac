using Atm0s.Sip.Hooks;
using Atm0s.Sip.Rooms;

namespace Atm0s.Sip.Calls.Setup;

/// <summary>What happens to a call before it is answered; gone from then on. On the call's shard only.</summary>
internal abstract class CallSetup
{
    /// <summary>Begins.</summary>
    public abstract void Begin();

    /// <summary>The host wants it answered.</summary>
    public abstract CallCommandResult Answer();

    /// <summary>The host wants it refused.</summary>
    public abstract CallCommandResult Reject(InviteDecision.Rejection rejection);

    /// <summary>Somebody came to the room, connected or left.</summary>
    public abstract void OnOthersChanged(RoomChange change);

    /// <summary>The call is answered, or has ended: nothing is waited for any more.</summary>
    public abstract void Close();
}
