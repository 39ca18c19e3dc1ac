using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Atm0s.Sip.WebSockets.Tests.Frames;

/// <summary>A client that writes what frames it likes (RFC 6455 §5.2), good ones and bad ones.</summary>
internal sealed class RawSocket : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpClient _client = new();
    private NetworkStream _stream = null!;

    public static async Task<RawSocket> ConnectAsync(int port, int receiveBuffer = 0)
    {
        var raw = new RawSocket();
        if (receiveBuffer > 0)
            raw._client.ReceiveBufferSize = receiveBuffer;
        await raw._client.ConnectAsync(IPAddress.Loopback, port);
        raw._client.NoDelay = true;
        raw._stream = raw._client.GetStream();
        await raw._stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /sip HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: sip\r\nSec-WebSocket-Version: 13\r\n\r\n"));
        var head = new StringBuilder();
        var one = new byte[1];
        using var limit = new CancellationTokenSource(Patience);
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await raw._stream.ReadExactlyAsync(one, limit.Token);
            head.Append((char)one[0]);
        }

        Assert.That(head.ToString(), Does.StartWith("HTTP/1.1 101").And.Contains("Sec-WebSocket-Protocol: sip"));
        return raw;
    }

    /// <summary>The bytes of a frame.</summary>
    /// <param name="head">FIN, RSV and opcode.</param>
    /// <param name="payload">Its content.</param>
    /// <param name="declared">Its length as the head says it; by default the true one.</param>
    /// <param name="isMasked">As every frame of a client must be.</param>
    public static byte[] Frame(byte head, ReadOnlySpan<byte> payload, long? declared = null, bool isMasked = true)
    {
        var length = declared ?? payload.Length;
        var mask = (byte)(isMasked ? 0x80 : 0);
        var frame = new List<byte> { head };
        if (length < 126)
        {
            frame.Add((byte)(mask | length));
        }
        else if (length <= ushort.MaxValue)
        {
            frame.Add((byte)(mask | 126));
            frame.AddRange([(byte)(length >> 8), (byte)length]);
        }
        else
        {
            frame.Add((byte)(mask | 127));
            var eight = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(eight, length);
            frame.AddRange(eight);
        }

        // A mask of zeros is one.
        if (isMasked)
            frame.AddRange(new byte[4]);
        frame.AddRange(payload);
        return [.. frame];
    }

    public static byte[] Text(string text) => Frame(0x81, Encoding.UTF8.GetBytes(text));

    public static byte[] Ping(int size = 0) => Frame(0x89, new byte[size]);

    /// <summary>Sends; false when the other side has closed.</summary>
    public async Task<bool> TrySendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await _stream.WriteAsync(bytes, limit.Token);
            return true;
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Reads frames up to a Close.</summary>
    /// <returns>Its code; null when the connection ended without one.</returns>
    public async Task<int?> ReadCloseAsync()
    {
        while (await ReadFrameAsync() is { } frame)
        {
            if (frame.Opcode == 8)
                return frame.Payload.Length < 2 ? 1005 : BinaryPrimitives.ReadUInt16BigEndian(frame.Payload);
        }

        return null;
    }

    /// <summary>The next frame; null at the end of the connection.</summary>
    public async Task<(int Opcode, byte[] Payload)?> ReadFrameAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var head = new byte[2];
        try
        {
            await _stream.ReadExactlyAsync(head, limit.Token);
            long length = head[1] & 0x7F;
            if (length >= 126)
            {
                var more = new byte[length == 126 ? 2 : 8];
                await _stream.ReadExactlyAsync(more, limit.Token);
                length = more.Length == 2 ? BinaryPrimitives.ReadUInt16BigEndian(more) : BinaryPrimitives.ReadInt64BigEndian(more);
            }

            var payload = new byte[length];
            await _stream.ReadExactlyAsync(payload, limit.Token);
            return (head[0] & 0x0F, payload);
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            return null;
        }
    }

    public void Dispose() => _client.Dispose();
}
