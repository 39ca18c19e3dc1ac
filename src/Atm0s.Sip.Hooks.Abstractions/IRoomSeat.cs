namespace Atm0s.Sip.Hooks;

/// <summary>The place of one call in a room of the host. <see cref="Read"/> and <see cref="Write"/> are called on a media thread every 20
/// ms as long
/// as the call is connected: they must not block, lock for long or allocate. An exception is logged and counts as silence.</summary>
/// <remarks>
/// Disposed of once, off the media thread, when the call has left; a last <see cref="Read"/> or <see cref="Write"/> may be under way at
/// that moment.
/// </remarks>
public interface IRoomSeat : IAsyncDisposable
{
    /// <summary>Rate of both directions, in Hz: 8000, 16000 or 48000. Constant.</summary>
    int SampleRate { get; }

    /// <summary>The next 20 ms that the phone shall hear.</summary>
    /// <param name="frame"><c>SampleRate / 50</c> mono samples to fill.</param>
    /// <returns>False for silence; <paramref name="frame"/> is ignored then.</returns>
    bool Read(Span<short> frame);

    /// <summary>The 20 ms that the phone said; silence while it is muted, or nothing came.</summary>
    /// <param name="frame"><c>SampleRate / 50</c> mono samples, valid during the call.</param>
    void Write(ReadOnlySpan<short> frame);

    /// <summary>
    /// The call is answered. Not called for a call that ends before. Audio does not wait for it: <see cref="Read"/> and
    /// <see cref="Write"/> may be called before it, and at the same time.
    /// </summary>
    void OnConnected();
}
