namespace Atm0s.Sip.Hooks;

/// <summary>
/// A seat whose audio is Opus packets, for a host with an SFU of its own: give it from <see cref="IRoomProvider.JoinAsync"/>. The phone's own
/// packets come through as they are when it speaks Opus; what it says in another codec is encoded. <see cref="IRoomSeat.Read"/> and
/// <see cref="IRoomSeat.Write"/> are not called.
/// </summary>
public interface IOpusRoomSeat : IRoomSeat
{
    /// <summary>Limits. Read once, before the seat is taken.</summary>
    OpusSeatOptions Options => OpusSeatOptions.Default;

    /// <summary>The call is answered: audio begins. Not called for a call that ends before. Off the media thread.</summary>
    /// <param name="audio">What the phone says, and what it hears; for any thread, until the seat is disposed of and beyond.</param>
    void OnConnected(IOpusAudio audio);

    /// <summary>
    /// The phone says something. Not before <see cref="OnConnected(IOpusAudio)"/> has returned. Called on a media thread: it must not block,
    /// lock for long or allocate; <see cref="IOpusSource.Push"/> does none of it. An exception is logged, and the frame is lost.
    /// </summary>
    /// <param name="frame">Valid during the call.</param>
    /// <returns>
    /// Whether the seat has taken it. False (the default of the interface): it waits for <see cref="IOpusAudio.TryRead"/>.
    /// </returns>
    bool OnFrame(in OpusFrame frame) => false;

    /// <summary>
    /// Frames waited for <see cref="IOpusAudio.TryRead"/> for too long, and the oldest are lost. Told at the first and at every fiftieth, off
    /// the media thread.
    /// </summary>
    /// <param name="lost">Frames lost so far.</param>
    void OnFramesLost(long lost)
    {
    }

    /// <inheritdoc/>
    int IRoomSeat.SampleRate => 48_000;

    /// <inheritdoc/>
    bool IRoomSeat.Read(Span<short> frame) => false;

    /// <inheritdoc/>
    void IRoomSeat.Write(ReadOnlySpan<short> frame)
    {
    }

    /// <inheritdoc/>
    void IRoomSeat.OnConnected()
    {
    }
}
