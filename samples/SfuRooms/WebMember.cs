using System.Buffers;
using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using Atm0s.Sip.Hooks;

namespace SfuRooms;

/// <summary>
/// Whoever comes by WebSocket: a page, a program. Both ways each binary message is one Opus packet: the name of the speaker (a byte with
/// its length, then UTF-8; empty towards us), sequence number (2 bytes), timestamp (4), level (1: -dBov, 255 when it is not known), packet.
/// </summary>
internal sealed class WebMember(string name) : ISfuMember
{
    private const int MaxUnsent = 100; // 2 s of one speaker
    private const int Header = 8;

    private readonly Channel<(byte[] Message, int Length)> _unsent = Channel.CreateBounded<(byte[] Message, int Length)>(
        new BoundedChannelOptions(MaxUnsent) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
        static dropped => ArrayPool<byte>.Shared.Return(dropped.Message));

    public delegate void Speech(in OpusFrame frame);

    public string Name => name;

    public bool IsConnected => true;

    public void OthersChanged(IReadOnlyList<ISfuMember> others)
    {
    }

    public void Hear(string speaker, in OpusFrame frame)
    {
        var message = ArrayPool<byte>.Shared.Rent(Header + 255 + OpusFrame.MaxBytes);
        var length = Encoding.UTF8.GetBytes(speaker.AsSpan(0, Math.Min(speaker.Length, 80)), message.AsSpan(1));
        message[0] = (byte)length;
        var rest = message.AsSpan(1 + length);
        BinaryPrimitives.WriteUInt16BigEndian(rest, frame.SequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(rest[2..], frame.Timestamp);
        rest[6] = (byte)(frame.Level ?? 255);
        frame.Payload.CopyTo(rest[7..]);
        _unsent.Writer.TryWrite((message, Header + length + frame.Payload.Length));
    }

    public async Task RunAsync(WebSocket socket, Speech onSpeech, CancellationToken aborted)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        var sending = SendAsync(socket, ended.Token);
        try
        {
            await ReceiveAsync(socket, onSpeech, ended.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // It has gone.
        }

        await ended.CancelAsync();
        await sending;
    }

    private static async Task ReceiveAsync(WebSocket socket, Speech onSpeech, CancellationToken ended)
    {
        var message = new byte[Header + 255 + OpusFrame.MaxBytes];
        var length = 0;
        while (true)
        {
            var received = await socket.ReceiveAsync(message.AsMemory(length), ended);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", ended);
                return;
            }

            length += received.Count;
            if (length == message.Length)
                return; // longer than any packet
            if (!received.EndOfMessage)
                continue;
            Say(message.AsSpan(0, length), onSpeech);
            length = 0;
        }
    }

    private static void Say(ReadOnlySpan<byte> message, Speech onSpeech)
    {
        if (message.IsEmpty || message.Length < Header + message[0])
            return;
        var rest = message[(1 + message[0])..];
        onSpeech(new OpusFrame
        {
            SequenceNumber = BinaryPrimitives.ReadUInt16BigEndian(rest),
            Timestamp = BinaryPrimitives.ReadUInt32BigEndian(rest[2..]),
            Level = rest[6] > 127 ? null : rest[6],
            HasVoice = true,
            Payload = rest[7..],
        });
    }

    private async Task SendAsync(WebSocket socket, CancellationToken ended)
    {
        try
        {
            await foreach (var (message, length) in _unsent.Reader.ReadAllAsync(ended))
            {
                await socket.SendAsync(message.AsMemory(0, length), WebSocketMessageType.Binary, true, ended);
                ArrayPool<byte>.Shared.Return(message);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // It has gone.
        }
    }
}
