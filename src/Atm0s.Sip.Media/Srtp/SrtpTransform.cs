namespace Atm0s.Sip.Media.Srtp;

/// <summary>
/// Encrypts and authenticates packets with the session keys of one direction, RTP or RTCP. Not thread-safe; allocates nothing per packet.
/// </summary>
internal abstract class SrtpTransform : IDisposable
{
    /// <summary>Makes the transform of a suite.</summary>
    /// <param name="key">Master key.</param>
    /// <param name="isRtcp">Whether it is for RTCP.</param>
    public static SrtpTransform Create(SrtpKey key, bool isRtcp) =>
        key.Suite.IsAead ? new GcmTransform(key, isRtcp) : new CounterModeTransform(key, isRtcp);

    /// <summary>Encrypts in place.</summary>
    /// <param name="packet">Header and payload.</param>
    /// <param name="clear">Bytes of the header, which is authenticated only.</param>
    /// <param name="trailer">What is authenticated besides: the roll-over counter, or the index of SRTCP.</param>
    /// <param name="tag">Receives the tag.</param>
    /// <param name="number">Which packet.</param>
    public abstract void Protect(
        Span<byte> packet, int clear, ReadOnlySpan<byte> trailer, Span<byte> tag, in PacketNumber number);

    /// <summary>Checks the tag, then decrypts in place. What is not authentic is of no use afterwards.</summary>
    /// <param name="packet">Header and payload.</param>
    /// <param name="clear">Bytes of the header, which is authenticated only.</param>
    /// <param name="trailer">What is authenticated besides.</param>
    /// <param name="tag">The tag.</param>
    /// <param name="number">Which packet.</param>
    /// <returns>Whether it is authentic.</returns>
    public abstract bool TryUnprotect(
        Span<byte> packet, int clear, ReadOnlySpan<byte> trailer, ReadOnlySpan<byte> tag, in PacketNumber number);

    /// <inheritdoc/>
    public abstract void Dispose();
}
