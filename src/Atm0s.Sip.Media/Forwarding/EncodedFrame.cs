using Atm0s.Sip.Media.Codecs.Opus;

namespace Atm0s.Sip.Media.Forwarding;

/// <summary>One Opus packet, with what RTP tells of it (RFC 7587 §4). Valid as long as its payload is.</summary>
public readonly ref struct EncodedFrame
{
    /// <summary>Longest payload, in bytes.</summary>
    public const int MaxBytes = 1500;

    /// <summary>As its sender counts, modulo 2^16: one more than in the frame before, unless one was lost or overtaken.</summary>
    public required ushort SequenceNumber { get; init; }

    /// <summary>Of the first sample, in units of 1/48,000 s, modulo 2^32.</summary>
    public required uint Timestamp { get; init; }

    /// <summary>Samples at 48 kHz: 120 to 5,760.</summary>
    public required int Samples { get; init; }

    /// <summary>-dBov as RFC 6464 §3 counts: 0 (loudest) to 127 (silence); null: not known.</summary>
    public int? Level { get; init; }

    /// <summary>Whether the speaker is taken to speak.</summary>
    public bool HasVoice { get; init; }

    /// <summary>The Opus packet.</summary>
    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Describes a packet by what its outside tells (RFC 6716 §3).</summary>
    /// <param name="sequenceNumber">As in RTP.</param>
    /// <param name="timestamp">As in RTP.</param>
    /// <param name="payload">The packet.</param>
    /// <param name="level">-dBov, 0 to 127; null when it is not known.</param>
    /// <param name="frame">The frame.</param>
    /// <returns>False when the packet is none of Opus, or longer than <see cref="MaxBytes"/>.</returns>
    public static bool TryDescribe(ushort sequenceNumber, uint timestamp, ReadOnlySpan<byte> payload, int? level, out EncodedFrame frame)
    {
        frame = default;
        if (payload.Length > MaxBytes || !OpusPacket.TryParse(payload, out var packet))
            return false;
        frame = new EncodedFrame
        {
            SequenceNumber = sequenceNumber,
            Timestamp = timestamp,
            Samples = packet.Samples,
            Level = level,
            HasVoice = packet.HasVoice ?? level is null or <= VoiceLevel,
            Payload = payload,
        };
        return true;
    }

    // -dBov: below nobody speaks, whatever else is known.
    private const int VoiceLevel = 50;
}
