using System.Buffers.Binary;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Codecs.G711;

namespace Atm0s.Sip.Streams;

/// <summary>Samples as the bytes of a media stream.</summary>
internal sealed class StreamCodec
{
    private StreamCodec(string name, int rate, bool isMuLaw) => (Name, Rate, IsMuLaw) = (name, rate, isMuLaw);

    /// <summary>As <c>mediaFormat.encoding</c> names it.</summary>
    public string Name { get; }

    public int Rate { get; }

    private bool IsMuLaw { get; }

    public static StreamCodec Of(MediaStreamEncoding encoding) => encoding switch
    {
        MediaStreamEncoding.L16At16000 => new StreamCodec("audio/x-l16", 16_000, false),
        MediaStreamEncoding.L16At24000 => new StreamCodec("audio/x-l16", 24_000, false),
        _ => new StreamCodec("audio/x-mulaw", 8000, true),
    };

    /// <returns>Bytes written.</returns>
    public int Encode(ReadOnlySpan<short> samples, Span<byte> bytes)
    {
        if (IsMuLaw)
            return MuLaw.Encode(samples, bytes);
        for (var i = 0; i < samples.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes[(i * 2)..], samples[i]);
        return samples.Length * 2;
    }

    public short[] Decode(ReadOnlySpan<byte> bytes)
    {
        var samples = new short[IsMuLaw ? bytes.Length : bytes.Length / 2];
        if (IsMuLaw)
            MuLaw.Decode(bytes, samples);
        for (var i = 0; i < samples.Length && !IsMuLaw; i++)
            samples[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes[(i * 2)..]);
        return samples;
    }
}
