using System.Net.Sockets;

namespace Atm0s.Sip.Core.Transport.Tls;

/// <summary>
/// The connection below TLS, as <see cref="System.Net.Security.SslStream"/> wants it. What is written goes out at once, or into the bounded
/// queue of the connection, so that writing never waits.
/// </summary>
internal sealed class CipherStream(TcpSipFlow flow, TlsLayer layer, int maxHandshakeBytes) : Stream
{
    private TlsRecordFrames _records;
    private int _whole; // when it was looked at last
    private int _handshakeBytes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    // An empty read waits without a buffer. A read that has to wait is the rest of a record.
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            Watch();
            return WaitAsync(cancellationToken);
        }

        var pending = flow.Socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
        if (pending.IsCompletedSuccessfully)
        {
            var count = pending.Result;
            Count(buffer.Span[..count]);
            return new ValueTask<int>(count);
        }

        Watch();
        return CountAsync(pending, buffer);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is read asynchronously only.");

    public override void Write(ReadOnlySpan<byte> buffer) => flow.SendCipher(buffer);

    public override void Write(byte[] buffer, int offset, int count) => flow.SendCipher(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        flow.SendCipher(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        flow.SendCipher(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override void Flush()
    {
        // Nothing is kept here.
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    // The rest of a record has its time, also behind one that is whole; the next record has another.
    private void Watch()
    {
        if (!_records.HasPart || _records.Whole != _whole)
            flow.OnRecord(hasBegun: false);
        if (_records.HasPart)
            flow.OnRecord(hasBegun: true);
        _whole = _records.Whole;
    }

    // Who has not shown anything yet may send so much only.
    private void Count(ReadOnlySpan<byte> bytes)
    {
        _records.Add(bytes);
        if (flow.IsOpening && (_handshakeBytes += bytes.Length) > maxHandshakeBytes)
            throw new IOException("The handshake has more bytes than it may have.");
    }

    // The system may wake who waits for bytes that were read already: that would cost a buffer, and look like a record that has begun.
    private async ValueTask<int> WaitAsync(CancellationToken cancellationToken)
    {
        layer.LeaveReading();
        try
        {
            do
            {
                await flow.Socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None, cancellationToken).ConfigureAwait(false);
            }
            while (!HasSomething());
            return 0;
        }
        finally
        {
            layer.EnterReading();
        }
    }

    // The end, or an error, is something, too: reading tells.
    private bool HasSomething()
    {
        Span<byte> first = stackalloc byte[1];
        flow.Socket.Receive(first, SocketFlags.Peek, out var error);
        return error != SocketError.WouldBlock;
    }

    private async ValueTask<int> CountAsync(ValueTask<int> pending, Memory<byte> buffer)
    {
        layer.LeaveReading();
        try
        {
            var count = await pending.ConfigureAwait(false);
            Count(buffer.Span[..count]);
            return count;
        }
        finally
        {
            layer.EnterReading();
        }
    }
}
