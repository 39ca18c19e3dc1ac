using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Atm0s.Sip.Recordings;

/// <summary>RIFF WAVE, 16-bit PCM. The head tells how much there is; it is put right at every checkpoint.</summary>
internal sealed class WavRecording : IRecordingFile
{
    private const int HeadLength = 44;

    private readonly Stream _output;
    private long _length;

    public WavRecording(Stream output, int rate, int channels)
    {
        _output = output;
        var head = new byte[HeadLength];
        "RIFF"u8.CopyTo(head);
        "WAVEfmt "u8.CopyTo(head.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(head.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(head.AsSpan(22), (short)channels);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(24), rate);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(28), rate * channels * 2);
        BinaryPrimitives.WriteInt16LittleEndian(head.AsSpan(32), (short)(channels * 2));
        BinaryPrimitives.WriteInt16LittleEndian(head.AsSpan(34), 16);
        "data"u8.CopyTo(head.AsSpan(36));
        output.Write(head);
        Checkpoint();
    }

    public bool IsFull => _length > uint.MaxValue - 1_000_000;

    public void Write(ReadOnlySpan<short> frame)
    {
        var bytes = MemoryMarshal.AsBytes(frame);
        if (BitConverter.IsLittleEndian)
        {
            _output.Write(bytes);
        }
        else
        {
            Span<byte> sample = stackalloc byte[2];
            foreach (var value in frame)
            {
                BinaryPrimitives.WriteInt16LittleEndian(sample, value);
                _output.Write(sample);
            }
        }

        _length += bytes.Length;
    }

    public void Checkpoint()
    {
        Span<byte> size = stackalloc byte[4];
        _output.Flush();
        BinaryPrimitives.WriteUInt32LittleEndian(size, (uint)(_length + HeadLength - 8));
        _output.Position = 4;
        _output.Write(size);
        BinaryPrimitives.WriteUInt32LittleEndian(size, (uint)_length);
        _output.Position = 40;
        _output.Write(size);
        _output.Flush();
        _output.Position = HeadLength + _length;
    }

    public void Finish() => Checkpoint();

    public void Dispose() => _output.Dispose();
}
