using Atm0s.Sip.Hooks;

namespace OwnRooms;

/// <summary>The rooms of this host. Yours look up the meeting, say who came, and give a seat that is wired to its audio.</summary>
internal sealed class EchoRooms : IRoomProvider
{
    public ValueTask<IRoomSeat?> JoinAsync(IRoomParticipant participant, CancellationToken cancellationToken)
    {
        Console.WriteLine($"{participant.Call.From} comes to {participant.RoomId} as {participant.Id}");
        return ValueTask.FromResult<IRoomSeat?>(new EchoSeat(participant));
    }
}
