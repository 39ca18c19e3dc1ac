using System.Buffers.Binary;

namespace Atm0s.Sip.Testing;

/// <summary>Mono audio of a WAV file, samples from -1 to 1.</summary>
/// <param name="SampleRate">Samples per second.</param>
/// <param name="Samples">The samples; several channels are averaged when reading.</param>
public sealed record WavFile(int SampleRate, float[] Samples)
{
    private const int Pcm = 1;
    private const int Float = 3;
    private const int Extensible = 0xFFFE;

    /// <summary>How long it plays.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds((double)Samples.Length / SampleRate);

    /// <summary>No sound at all.</summary>
    public static WavFile Silence { get; } = new(8000, []);

    /// <summary>Reads a file that is being written; <see cref="Silence"/> as long as its head is not there.</summary>
    public static WavFile ReadGrowing(string path)
    {
        try
        {
            return Read(path);
        }
        catch (InvalidDataException)
        {
            return Silence;
        }
    }

    /// <summary>Reads a file; a data length of 0 or beyond the file means "to its end", as a killed recorder leaves it.</summary>
    public static WavFile Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Parse(bytes);
    }

    /// <summary>Reads 16-bit PCM, 32-bit PCM or 32-bit float, any number of channels.</summary>
    /// <exception cref="InvalidDataException">Not such a file.</exception>
    public static WavFile Parse(ReadOnlySpan<byte> file)
    {
        if (file.Length < 12 || !file[..4].SequenceEqual("RIFF"u8) || !file[8..12].SequenceEqual("WAVE"u8))
            throw new InvalidDataException("not a RIFF WAVE file");
        int format = 0, channels = 0, rate = 0, bits = 0;
        for (var at = 12; at + 8 <= file.Length;)
        {
            var id = file.Slice(at, 4);
            long length = BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]);
            var rest = file[(at + 8)..];
            if (id.SequenceEqual("fmt "u8))
            {
                format = BinaryPrimitives.ReadUInt16LittleEndian(rest);
                channels = BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]);
                rate = BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
                bits = BinaryPrimitives.ReadUInt16LittleEndian(rest[14..]);
                if (format == Extensible)
                    format = BinaryPrimitives.ReadUInt16LittleEndian(rest[24..]);
            }
            else if (id.SequenceEqual("data"u8))
            {
                if (length == 0 || length > rest.Length)
                    length = rest.Length;
                return new WavFile(rate, ToMono(rest[..(int)length], format, channels, bits));
            }

            at = (int)Math.Min(file.Length, at + 8 + length + (length & 1));
        }

        throw new InvalidDataException("no audio data");
    }

    /// <summary>Writes 16-bit PCM, mono; samples beyond full scale are clipped.</summary>
    public void Write(string path) => File.WriteAllBytes(path, ToBytes());

    /// <summary>The bytes of a file of 16-bit PCM, mono.</summary>
    public byte[] ToBytes()
    {
        var file = new byte[44 + (Samples.Length * 2)];
        var span = file.AsSpan();
        "RIFF"u8.CopyTo(span);
        BinaryPrimitives.WriteInt32LittleEndian(span[4..], file.Length - 8);
        "WAVEfmt "u8.CopyTo(span[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(span[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(span[20..], Pcm);
        BinaryPrimitives.WriteInt16LittleEndian(span[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(span[24..], SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(span[28..], SampleRate * 2);
        BinaryPrimitives.WriteInt16LittleEndian(span[32..], 2);
        BinaryPrimitives.WriteInt16LittleEndian(span[34..], 16);
        "data"u8.CopyTo(span[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(span[40..], Samples.Length * 2);
        for (var i = 0; i < Samples.Length; i++)
        {
            var sample = Math.Clamp(MathF.Round(Samples[i] * 32768f), short.MinValue, short.MaxValue);
            BinaryPrimitives.WriteInt16LittleEndian(span[(44 + (i * 2))..], (short)sample);
        }

        return file;
    }

    private static float[] ToMono(ReadOnlySpan<byte> data, int format, int channels, int bits)
    {
        if (channels < 1 || (format, bits) is not ((Pcm, 16) or (Pcm, 32) or (Float, 32)))
            throw new InvalidDataException($"format {format}, {bits} bits, {channels} channels: not read here");
        var size = bits / 8;
        var samples = new float[data.Length / (size * channels)];
        for (var i = 0; i < samples.Length; i++)
        {
            var sum = 0f;
            for (var channel = 0; channel < channels; channel++)
            {
                var at = data[(((i * channels) + channel) * size)..];
                sum += (format, bits) switch
                {
                    (Pcm, 16) => BinaryPrimitives.ReadInt16LittleEndian(at) / 32768f,
                    (Pcm, 32) => BinaryPrimitives.ReadInt32LittleEndian(at) / 2147483648f,
                    _ => BinaryPrimitives.ReadSingleLittleEndian(at),
                };
            }

            samples[i] = sum / channels;
        }

        return samples;
    }
}
