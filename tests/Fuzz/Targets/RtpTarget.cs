using System.Buffers.Binary;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Fuzz.Targets;

/// <summary>
/// What comes to the ports of a call. The input is a list of steps: a datagram of any bytes to the RTP or the RTCP port, a well-formed
/// packet with a sequence number and a timestamp of the input's choice, ticks, and pauses. After each tick what always holds is checked.
/// </summary>
internal sealed class RtpTarget : FuzzTarget
{
    private const int MaxSteps = 400;
    private static readonly byte[] Types = [8, 0, 101, 13, 77];

    public override string Name => "rtp";

    public override IEnumerable<byte[]> Seeds()
    {
        // A stream as it should be; one with a loss, a duplicate and a jump; reports; keys; nonsense.
        yield return [.. Enumerable.Range(0, 20).SelectMany(i => (byte[])[.. Packet((ushort)i, (uint)(160 * i), 0), 2, 1])];
        yield return [.. new ushort[] { 1, 2, 5, 5, 4, 70, 71, 72, 65000 }.SelectMany(i => (byte[])[.. Packet(i, 160u * i, 0), 2, 2])];
        // The newest of the packets that wait is pushed out by one of the same slot.
        yield return [.. Packet(1000, 1_000_000, 0), .. Packet(1064, 900_000, 0), 2, 3];
        yield return [.. Packet(1, 160, 2), 2, 1, .. Packet(2, 160, 2), 2, 1, .. Packet(3, 160, 2), 2, 5];
        yield return [.. Packet(1, 160, 3), 2, 1, 3, 200, 2, 1, .. Packet(2, 99_999, 1), 2, 1];
        byte[] report = [0x80, 201, 0, 1, 0, 0, 0, 1, 0x81, 203, 0, 1, 0, 0, 0, 1];
        yield return [4, (byte)report.Length, .. report, 2, 1];
        byte[] sender = [0x81, 200, 0, 12, 0, 0, 0, 1, .. new byte[20], .. new byte[24]];
        yield return [4, (byte)sender.Length, .. sender, 2, 1];
        byte[] odd = [0x9F, 8, 0, 1, 0, 0, 0, 160, 0, 0, 0, 1, .. new byte[60], 0xBE, 0xDE, 0, 2, .. new byte[8], 1, 2, 3];
        yield return [0, (byte)odd.Length, .. odd, 2, 1];
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        using var receiver = new RtpReceiver(new RtpReceiverOptions
        {
            Formats = [new RtpFormat(8, PcmaCodec.Instance), new RtpFormat(0, PcmuCodec.Instance)],
            Events = [new RtpEventFormat(101, 8000)],
            ComfortNoisePayloadType = 13,
        });
        using var sender = new RtpSender(new RtpFormat(8, PcmaCodec.Instance), TimeSpan.FromMilliseconds(20), 7, 1, 1);
        var rtcp = new RtcpSession(sender, receiver, "fuzz", 0.5);
        var now = TimeSpan.FromSeconds(1);
        var datagram = new byte[RtpHeader.Length + 160];
        for (var step = 0; step < MaxSteps && input.Length >= 2; step++)
        {
            var kind = input[0] % 5;
            var size = input[1];
            input = input[2..];
            switch (kind)
            {
                case 0:
                    receiver.OnPacket(Take(ref input, size), now);
                    break;
                case 1 when input.Length >= 6:
                    var (sequence, timestamp) = (
                        BinaryPrimitives.ReadUInt16BigEndian(input), BinaryPrimitives.ReadUInt32BigEndian(input[2..]));
                    input = input[6..];
                    RtpHeader.Write(
                        datagram, Types[size % Types.Length], size >= 128, sequence, timestamp, ssrc: 1u + (uint)(size >> 6 & 1));
                    receiver.OnPacket(datagram.AsSpan(0, RtpHeader.Length + (size % 16 == 15 ? 4 : 160)), now);
                    break;
                case 2:
                    for (var i = 0; i < size % 8; i++)
                        Tick(receiver, ref now);
                    break;
                case 3:
                    now += TimeSpan.FromMilliseconds(20 * size);
                    break;
                case 4:
                    rtcp.OnPacket(Take(ref input, size), now);
                    break;
            }
        }

        Tick(receiver, ref now);
        Must(receiver.Statistics.Received >= 0 && receiver.Statistics.TotalLost >= 0, "Counts are not negative.");
    }

    private static byte[] Packet(ushort sequence, uint timestamp, byte type) =>
    [
        1, type, (byte)(sequence >> 8), (byte)sequence,
        (byte)(timestamp >> 24), (byte)(timestamp >> 16), (byte)(timestamp >> 8), (byte)timestamp,
    ];

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> input, int size)
    {
        var taken = input[..Math.Min(size, input.Length)];
        input = input[taken.Length..];
        return taken;
    }

    private static void Tick(RtpReceiver receiver, ref TimeSpan now)
    {
        now += TimeSpan.FromMilliseconds(20);
        receiver.Prepare();
        Span<short> frame = stackalloc short[960];
        frame = frame[..(receiver.SampleRate / 50)];
        frame.Fill(77);
        var heard = receiver.ReadFrame(frame, now);
        Must(heard || !frame.ContainsAnyExcept((short)0), "What is not heard is silence.");
        Must(receiver.Delay >= TimeSpan.Zero && receiver.Delay < TimeSpan.FromHours(1), $"A delay of {receiver.Delay}.");
        while (receiver.TryReadEvent(out _))
        {
        }
    }
}
