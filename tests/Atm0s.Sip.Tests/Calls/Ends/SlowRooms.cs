using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Tests.Calls.Ends;

/// <summary>Rooms of a host that never says whether there is a seat.</summary>
internal sealed class SlowRooms : IRoomProvider
{
    public async ValueTask<IRoomSeat?> JoinAsync(IRoomParticipant participant, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return null;
    }
}
