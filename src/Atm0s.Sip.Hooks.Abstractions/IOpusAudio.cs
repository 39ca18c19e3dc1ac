namespace Atm0s.Sip.Hooks;

/// <summary>
/// The audio of one call in a room of the host, as Opus packets. Made by the server for an <see cref="IOpusRoomSeat"/>; all members may be used
/// from any thread.
/// </summary>
public interface IOpusAudio
{
    /// <summary>
    /// Whether the frames are the phone's own packets. False while they are encoded for the host, because the phone speaks another codec or its
    /// gain is changed, and while it is muted, when none come.
    /// </summary>
    bool IsPassedThrough { get; }

    /// <summary>Frames that were lost because nobody read them in time.</summary>
    long FramesLost { get; }

    /// <summary>Takes the oldest frame that <see cref="IOpusRoomSeat.OnFrame"/> has not taken.</summary>
    /// <param name="buffer">Receives the packet: <see cref="OpusFrame.MaxBytes"/> bytes at least.</param>
    /// <param name="frame">The frame; its payload lies in <paramref name="buffer"/>.</param>
    /// <returns>False when there is none now.</returns>
    /// <exception cref="ArgumentException">The buffer is too short.</exception>
    bool TryRead(Span<byte> buffer, out OpusFrame frame);

    /// <summary>Waits for a frame.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>False when the call has left, and no frame waits any more.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Adds somebody whom the phone hears. Of all sources it hears the loudest (<see cref="OpusSeatOptions.MaxSpeakers"/>).</summary>
    /// <param name="name">Its name, which no other source of the call has now; 1 to 256 characters.</param>
    /// <returns>The source; null when the call has left.</returns>
    /// <exception cref="ArgumentException">The name is empty or too long.</exception>
    /// <exception cref="InvalidOperationException">
    /// The name is taken, or there are <see cref="OpusSeatOptions.MaxSources"/>.
    /// </exception>
    IOpusSource? AddSource(string name);
}
