using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Concentus;

namespace Atm0s.Sip.Sounds.Ogg;

/// <summary>Reads Ogg Opus (RFC 7845) to 48 kHz mono.</summary>
internal static class OpusFiles
{
    /// <summary>Where the codec of files comes from: the first of libopus and Concentus that loads.</summary>
    public static IOpusCodecProvider Provider { get; } =
        OpusCodecProviders.FirstAvailable(LibOpusCodecProvider.Instance, new ConcentusOpusCodecProvider()).Provider!;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It can't be read; says why.</exception>
    public static short[] Read(ReadOnlyMemory<byte> file, int maxSamples)
    {
        var packets = new OggPackets(file);
        var head = OpusHead.Read(packets.Read() ?? throw new InvalidDataException("The Ogg file holds no Opus."));
        packets.Read(); // the tags
        var decoders = Enumerable.Range(0, head.Streams).Select(_ => Provider.CreateDecoder()).ToArray();
        try
        {
            return Decode(packets, head, decoders, maxSamples);
        }
        finally
        {
            foreach (var decoder in decoders)
                decoder.Dispose();
        }
    }

    /// <summary>Takes a packet of a file apart into one packet for each of its streams; null when it can't be.</summary>
    public static byte[][]? Split(ReadOnlySpan<byte> packet, int streams)
    {
        var parts = new byte[streams][];
        for (var i = 0; i < streams - 1; i++)
        {
            var length = SelfDelimited.Read(packet, out parts[i]);
            if (length < 0)
                return null;
            packet = packet[length..];
        }

        parts[^1] = packet.ToArray();
        return parts;
    }

    private static short[] Decode(OggPackets packets, OpusHead head, IAudioDecoder[] decoders, int maxSamples)
    {
        var samples = new List<short>();
        var sum = new int[OpusPacket.MaxSamples];
        var one = new short[OpusPacket.MaxSamples];
        var gain = Math.Pow(10, head.Gain / 20);
        while (packets.Read() is { } packet)
        {
            var count = 0;
            Array.Clear(sum);
            var parts = Split(packet, head.Streams);
            for (var i = 0; parts is not null && i < parts.Length; i++)
            {
                var written = decoders[i].Decode(parts[i], one);
                for (var n = 0; n < written; n++)
                    sum[n] += one[n];
                count = Math.Max(count, written);
            }

            if (samples.Count + count > maxSamples)
                throw new InvalidDataException($"The Ogg file has more than {maxSamples} samples, which is too much to keep in memory.");
            for (var n = 0; n < count; n++)
                samples.Add((short)Math.Clamp(Math.Round(sum[n] * gain / head.Streams), short.MinValue, short.MaxValue));
        }

        // RFC 7845 §4: the granule position of the last page tells where the last packet ends, which may be longer.
        var end = packets.GranulePosition > 0 && packets.GranulePosition < samples.Count ? (int)packets.GranulePosition : samples.Count;
        var begin = Math.Min(head.PreSkip, end);
        return [.. samples[begin..end]];
    }
}
