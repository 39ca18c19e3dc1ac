using System.Buffers;

namespace Atm0s.Sip.WebSockets.Metering;

/// <summary>
/// The connection below a WebSocket: counts what comes, and ends when too much of it is no message. It is not disposed of with the WebSocket,
/// for it is the host's, and ends with the request.
/// </summary>
/// <param name="inner">The connection.</param>
/// <param name="now">The time since the program's start.</param>
internal sealed class MeteredStream(Stream inner, Func<TimeSpan> now) : Stream
{
    private OverheadAllowance _allowance;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>So many of the bytes were of a message.</summary>
    public void OnMessageBytes(int bytes) => _allowance.OnMessageBytes(bytes);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        // For the reader the peer is gone.
        return _allowance.OnRead(count, now()) ? count : 0;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Reads on without looking until the peer is gone, so that it reads what it was sent last.</summary>
    /// <param name="maxBytes">No more than that.</param>
    /// <param name="limit">Gives up.</param>
    public async Task DrainAsync(int maxBytes, CancellationToken limit)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            while (maxBytes > 0 && await inner.ReadAsync(buffer, limit).ConfigureAwait(false) is > 0 and var count)
                maxBytes -= count;
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or InvalidOperationException)
        {
            // It is.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

}
