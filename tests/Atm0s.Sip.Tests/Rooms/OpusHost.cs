using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Tests.Rooms;

/// <summary>A host whose seats are of Opus packets.</summary>
internal sealed class OpusHost : IRoomProvider
{
    public List<IRoomParticipant> Joined { get; } = [];

    public List<OpusHostSeat> Seats { get; } = [];

    public OpusSeatOptions Options { get; set; } = OpusSeatOptions.Default;

    /// <summary>What seats do with a frame; null: it waits to be read.</summary>
    public OpusHostSeat.FrameHandler? Handler { get; set; }

    public ValueTask<IRoomSeat?> JoinAsync(IRoomParticipant participant, CancellationToken cancellationToken)
    {
        Joined.Add(participant);
        var seat = new OpusHostSeat(Options, Handler);
        Seats.Add(seat);
        return ValueTask.FromResult<IRoomSeat?>(seat);
    }
}
