namespace Atm0s.Sip.Hooks;

/// <summary>
/// The host's own rooms in place of the embedded ones. Every call that joins a room, incoming or outgoing, is given a seat here.
/// </summary>
/// <remarks>
/// One added by type is made once, and asked from many threads at once (<c>SipServerBuilder</c> says how to have one made anew for each
/// question). It gives the seats of all rooms of the server: there are no embedded ones beside it, so no bots, prompts and recordings of
/// rooms either. An exception ends the call with 500, a time-out with 503. A seat that nobody needs any more
/// when it comes is disposed of.
/// </remarks>
public interface IRoomProvider
{
    /// <summary>A call comes into a room.</summary>
    /// <param name="participant">Who comes, and what the room can do with it.</param>
    /// <param name="cancellationToken">Cancelled when the call has ended meanwhile, the time-out passes or the server stops.</param>
    /// <returns>Its seat; null refuses the call, which then ends with 403 (incoming) or is not made (outgoing).</returns>
    ValueTask<IRoomSeat?> JoinAsync(IRoomParticipant participant, CancellationToken cancellationToken);
}
