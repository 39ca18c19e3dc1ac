namespace Atm0s.Sip;

/// <summary>
/// Hears 20 ms of the room and says the next 20 ms. Called off the media threads and the thread pool, once for every frame, one after the
/// other: who takes longer than 20 ms, or blocks, delays itself alone.
/// </summary>
/// <param name="heard"><see cref="RoomBot.FrameLength"/> samples; valid during the call.</param>
/// <param name="said">As many samples to fill.</param>
/// <returns>False for silence; <paramref name="said"/> is ignored then.</returns>
public delegate bool RoomBotFrame(ReadOnlySpan<short> heard, Span<short> said);
