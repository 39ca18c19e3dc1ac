using Atm0s.Sip.Media.Codecs;

namespace Atm0s.Sip.Media.Rtp;

/// <summary>The packet that a frame of 20 ms is, sample for sample. Valid until the next frame is read.</summary>
/// <param name="codec">Its codec; null: the frame is of no packet, or of more than one, or was changed.</param>
/// <param name="payload">Its payload.</param>
internal readonly ref struct OriginalPacket(IAudioCodec? codec, ReadOnlySpan<byte> payload)
{
    public IAudioCodec? Codec { get; } = codec;

    public ReadOnlySpan<byte> Payload { get; } = payload;
}
