using System.Buffers.Binary;
using Atm0s.Sip.Media.Codecs.G711;

namespace Atm0s.Sip.Sounds;

/// <summary>Reads RIFF WAVE: PCM of 8 to 32 bits, 32-bit float, A-law, mu-law; several channels become one.</summary>
internal static class WavReader
{
    private const int Pcm = 1;
    private const int Float = 3;
    private const int ALawFormat = 6;
    private const int MuLawFormat = 7;
    private const int Extensible = 0xFFFE;

    public static bool IsWav(ReadOnlySpan<byte> file) =>
        file.Length >= 12 && file[..4].SequenceEqual("RIFF"u8) && file[8..12].SequenceEqual("WAVE"u8);

    /// <summary>
    /// Reads a file. A length of the data of zero or beyond the file is what a recorder left that was killed: all is read.
    /// </summary>
    /// <exception cref="InvalidDataException">It can't be read; says why.</exception>
    public static (short[] Samples, int Rate) Read(ReadOnlySpan<byte> file, int maxSamples)
    {
        int format = 0, channels = 0, rate = 0, bits = 0;
        for (var at = 12; at + 8 <= file.Length;)
        {
            var length = (long)BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]);
            var rest = file[(at + 8)..];
            if (file.Slice(at, 4).SequenceEqual("fmt "u8) && rest.Length >= 16)
            {
                format = BinaryPrimitives.ReadUInt16LittleEndian(rest);
                channels = BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]);
                rate = BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
                bits = BinaryPrimitives.ReadUInt16LittleEndian(rest[14..]);
                if (format == Extensible && rest.Length >= 26)
                    format = BinaryPrimitives.ReadUInt16LittleEndian(rest[24..]);
            }
            else if (file.Slice(at, 4).SequenceEqual("data"u8))
            {
                // A recorder that was killed has not written the length; but a whole file may hold no audio, and other chunks after it.
                if ((length == 0 && !AreChunks(rest)) || length > rest.Length)
                    length = rest.Length;
                Check(format, channels, rate, bits);
                return (ToMono(rest[..(int)length], format, channels, bits / 8, maxSamples), rate);
            }

            at = (int)Math.Min(file.Length, at + 8 + length + (length & 1));
        }

        throw new InvalidDataException("The WAV file holds no audio.");
    }

    private static bool AreChunks(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 8 && !bytes[..4].ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            var length = (long)BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            length += 8 + (length & 1);
            if (length > bytes.Length)
                return false;
            bytes = bytes[(int)length..];
        }

        return bytes.IsEmpty;
    }

    private static void Check(int format, int channels, int rate, int bits)
    {
        if (channels is < 1 or > 8)
            throw new InvalidDataException($"The WAV file has {channels} channels; 1 to 8 can be read.");
        if (rate is < 4000 or > 192_000)
            throw new InvalidDataException($"The WAV file has {rate} samples per second; 4,000 to 192,000 can be read.");
        if ((format, bits) is not ((Pcm, 8 or 16 or 24 or 32) or (Float, 32) or (ALawFormat or MuLawFormat, 8)))
            throw new InvalidDataException($"The WAV file has format {format} with {bits} bits; PCM, 32-bit float and G.711 can be read.");
    }

    private static short[] ToMono(ReadOnlySpan<byte> data, int format, int channels, int size, int maxSamples)
    {
        var count = data.Length / (size * channels);
        if (count > maxSamples)
            throw new InvalidDataException($"The WAV file has more than {maxSamples} samples, which is too much to keep in memory.");
        var samples = new short[count];
        for (var i = 0; i < samples.Length; i++)
        {
            var sum = 0;
            for (var channel = 0; channel < channels; channel++)
                sum += Sample(data[(((i * channels) + channel) * size)..], format, size);
            samples[i] = (short)(sum / channels);
        }

        return samples;
    }

    private static int Sample(ReadOnlySpan<byte> at, int format, int size) => (format, size) switch
    {
        (Float, _) => ToInt16(BinaryPrimitives.ReadSingleLittleEndian(at)),
        (ALawFormat, _) => ALaw.Decode(at[0]),
        (MuLawFormat, _) => MuLaw.Decode(at[0]),
        (_, 1) => (at[0] - 128) << 8,
        (_, 2) => BinaryPrimitives.ReadInt16LittleEndian(at),
        (_, 3) => (short)(at[1] | (at[2] << 8)),
        _ => BinaryPrimitives.ReadInt32LittleEndian(at) >> 16,
    };

    private static int ToInt16(float sample) =>
        float.IsNaN(sample) ? 0 : (int)Math.Clamp(MathF.Round(sample * 32768), short.MinValue, short.MaxValue);
}
