using System.Buffers.Binary;

namespace Atm0s.Sip.Sounds.Ogg;

/// <summary>The first packet of an Opus file (RFC 7845 §5.1).</summary>
/// <param name="Channels">1 to 8.</param>
/// <param name="PreSkip">Samples at 48 kHz that are not played at the beginning.</param>
/// <param name="Streams">Opus streams in each packet.</param>
/// <param name="Gain">To be applied, in dB.</param>
internal readonly record struct OpusHead(int Channels, int PreSkip, int Streams, double Gain)
{
    private const int Length = 19;

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidDataException">It can't be read; says why.</exception>
    public static OpusHead Read(ReadOnlySpan<byte> packet)
    {
        // §5.1: a version of the same upper four bits is compatible.
        if (packet.Length < Length || !packet.StartsWith("OpusHead"u8) || packet[8] >> 4 != 0)
            throw new InvalidDataException("The Ogg file holds no Opus of a version that is known.");
        var (channels, family) = (packet[9], packet[18]);
        var streams = family == 0 ? 1 : packet.Length >= Length + 2 + channels ? packet[Length] : 0;
        if (channels is 0 or > 8 || (family == 0 && channels > 2) || streams is 0 or > 8)
            throw new InvalidDataException("The Ogg file has channels that can't be read.");
        return new OpusHead(
            channels,
            BinaryPrimitives.ReadUInt16LittleEndian(packet[10..]),
            streams,
            BinaryPrimitives.ReadInt16LittleEndian(packet[16..]) / 256.0);
    }

    /// <summary>Writes it: one channel as family 0, two channels as two streams of one channel each (family 1, §5.1.1.2).</summary>
    public byte[] Write(int inputRate)
    {
        var head = new byte[Channels == 1 ? Length : Length + 2 + Channels];
        "OpusHead"u8.CopyTo(head);
        head[8] = 1;
        head[9] = (byte)Channels;
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(10), (ushort)PreSkip);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(12), inputRate);
        if (Channels == 1)
            return head;
        head[18] = 1;
        head[19] = (byte)Streams;
        for (var channel = 0; channel < Channels; channel++)
            head[21 + channel] = (byte)channel;
        return head;
    }
}
