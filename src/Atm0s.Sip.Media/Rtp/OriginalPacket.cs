using Atm0s.Sip.Media.Codecs;

namespace Atm0s.Sip.Media.Rtp;

/// <summary>
/// The packet of 20 ms whose first sample is in a frame of 20 ms: of packets that follow each other one for each frame. Valid until the next
/// frame is read.
/// </summary>
/// <param name="codec">Its codec; null: no packet begins in the frame, or not as it was decoded.</param>
/// <param name="payload">Its payload.</param>
/// <param name="isExact">Whether the frame is the packet, sample for sample.</param>
/// <param name="sequence">Its number, extended; null when it is not known.</param>
internal readonly ref struct OriginalPacket(IAudioCodec? codec, ReadOnlySpan<byte> payload, bool isExact = true, long? sequence = null)
{
    public bool IsExact { get; } = isExact;

    public long? Sequence { get; } = sequence;

    public IAudioCodec? Codec { get; } = codec;

    public ReadOnlySpan<byte> Payload { get; } = payload;
}
