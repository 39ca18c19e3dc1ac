namespace Atm0s.Sip.Media.Mixing;

/// <summary>
/// A member of a room inside this process: a bot, a recorder, a softphone. Both methods are called on the room's media thread, every
/// 20 ms: they must not block, lock or allocate. An exception is logged and counts as silence.
/// </summary>
public interface IPcmEndpoint
{
    /// <summary>Rate of both directions, in Hz: 8000, 16000 or 48000. Constant.</summary>
    int SampleRate { get; }

    /// <summary>
    /// By what a <see cref="MemberRule"/> knows it; by default itself. Asked for when it comes into a room: who takes the place of another
    /// member may be known as that one.
    /// </summary>
    object KnownAs => this;

    /// <summary>Says the next 20 ms.</summary>
    /// <param name="frame"><c>SampleRate / 50</c> mono samples to fill.</param>
    /// <returns>False when it is silent; <paramref name="frame"/> is ignored then.</returns>
    bool Read(Span<short> frame);

    /// <summary>Hears 20 ms: everybody else of the room.</summary>
    /// <param name="frame"><c>SampleRate / 50</c> mono samples, valid during the call.</param>
    void Write(ReadOnlySpan<short> frame);
}
