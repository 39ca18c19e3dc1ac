using System.Runtime.InteropServices;

namespace Atm0s.Sip.Bots;

/// <summary>A bot as a stream of bytes: 16-bit samples, little-endian, mono, in both directions.</summary>
internal sealed class BotStream(RoomBot bot) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private byte? _half;        // of a sample that is being written
    private byte? _heardHalf;   // of one that is being read

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
            return 0;
        if (_heardHalf is { } rest)
        {
            _heardHalf = null;
            buffer.Span[0] = rest;
            return 1;
        }

        var samples = new short[Math.Clamp(buffer.Length / 2, 1, bot.FrameLength)];
        var bytes = 2 * await bot.HearAsync(samples, cancellationToken).ConfigureAwait(false);
        var read = MemoryMarshal.AsBytes(samples.AsSpan())[..Math.Min(bytes, buffer.Length)];
        read.CopyTo(buffer.Span);
        // Of a sample that does not fit the other half comes next.
        if (read.Length < bytes)
            _heardHalf = MemoryMarshal.AsBytes(samples.AsSpan())[read.Length];
        return read.Length;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var bytes = buffer;
        if (_half is { } half && !bytes.IsEmpty)
        {
            _half = null;
            await bot.SayAsync(new[] { (short)(half | (bytes.Span[0] << 8)) }, cancellationToken).ConfigureAwait(false);
            bytes = bytes[1..];
        }

        if (bytes.Length % 2 != 0)
            _half = bytes.Span[^1];
        var samples = new short[bytes.Length / 2];
        bytes.Span[..(samples.Length * 2)].CopyTo(MemoryMarshal.AsBytes(samples.AsSpan()));
        await bot.SayAsync(samples, cancellationToken).ConfigureAwait(false);
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
