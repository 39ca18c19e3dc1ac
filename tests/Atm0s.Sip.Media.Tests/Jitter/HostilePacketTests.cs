using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Tests.Jitter;

/// <summary>Packets that no phone sends: whatever comes, a tick must end.</summary>
public sealed class HostilePacketTests
{
    private const byte Pcma = 8;
    private const byte Unknown = 77;

    [Test]
    public void PacketAWindowAhead_WithAnOlderTimestamp_IsSurvived([Values(60, 63, 64, 65, 127, 128, 129, 256, 257)] int ahead) =>
        Assert.That(EndsWith((0, 1_000_000, Pcma), (ahead, 999_000, Pcma)), Is.True);

    [Test]
    public void PacketOfAnUnknownType_AWindowAhead_IsSurvived([Values(63, 64, 65, 66, 128, 129, 256, 257)] int ahead) =>
        Assert.That(EndsWith((0, 1_000_000, Pcma), (ahead, 1_000_000, Unknown)), Is.True);

    [Test]
    public void PacketAWindowAhead_FarInThePast_IsSurvived([Values(64, 128, 256)] int ahead) =>
        Assert.That(EndsWith((0, 1_000_000, Pcma), (ahead, 900_000, Pcma)), Is.True);

    [Test]
    public void PacketAhead_ThenOneThatTakesItsSlot_IsSurvivedWhilePlaying([Values(64, 128, 256)] int window)
    {
        Assert.That(EndsWith((0, 0, Pcma), (1, 160, Pcma), (2, 320 + 2240, Pcma), (2 + window, 320 + 160, Pcma)), Is.True);
    }

    // A thread of its own: what is guarded against is a tick without end.
    private static bool EndsWith(params (int Sequence, uint Timestamp, byte Type)[] packets)
    {
        var thread = new Thread(() => Play(packets)) { IsBackground = true };
        thread.Start();
        return thread.Join(TimeSpan.FromSeconds(20));
    }

    private static void Play((int Sequence, uint Timestamp, byte Type)[] packets)
    {
        // Each number of packets before the first read: together, or one a tick.
        for (var together = 1; together <= packets.Length; together++)
        {
            using var receiver = new RtpReceiver(new RtpReceiverOptions { Formats = [new RtpFormat(Pcma, PcmaCodec.Instance)] });
            var datagram = new byte[172];
            var frame = new short[160];
            var now = TimeSpan.Zero;
            for (var i = 0; i < packets.Length; i++)
            {
                RtpHeader.Write(datagram, packets[i].Type, false, (ushort)(1000 + packets[i].Sequence), packets[i].Timestamp, 7);
                receiver.OnPacket(datagram, now);
                if (i < packets.Length - together)
                    receiver.ReadFrame(frame, now += TimeSpan.FromMilliseconds(20));
            }

            for (var i = 0; i < 50; i++)
                receiver.ReadFrame(frame, now += TimeSpan.FromMilliseconds(20));
        }
    }
}
