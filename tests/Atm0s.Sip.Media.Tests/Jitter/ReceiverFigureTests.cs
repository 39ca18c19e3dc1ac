using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Tests.Jitter;

/// <summary>What operators are told, and what a receiver costs.</summary>
public sealed class ReceiverFigureTests
{
    private static readonly RtpFormat Pcma = new(8, PcmaCodec.Instance);
    private static readonly short[] Voice = Tone.MakeVoice(8000, 80_000, syllables: true);

    [Test]
    public void LostPackets_AreConcealedAudio_AndStayCounted()
    {
        using var link = new Link(Pcma);
        for (var i = 0; i < 500; i++)
        {
            link.Audio(Voice.AsSpan(i * 160, 160), lost: i % 20 == 19);
            link.Read();
        }

        Assert.That(link.Receiver.ConcealedAudio.TotalMilliseconds, Is.EqualTo(24 * 20).Within(20));
        Assert.That(link.Receiver.PlayedAudio.TotalMilliseconds, Is.EqualTo(475 * 20).Within(40));
        Assert.That(link.Receiver.Statistics.TotalLost, Is.EqualTo(24));
    }

    [Test]
    public void SequenceThatStartsAnew_TakesNoLossAway([Values] bool newSource)
    {
        using var link = new Link(Pcma);
        for (var i = 0; i < 100; i++)
            link.Audio(Voice.AsSpan(i * 160, 160), lost: i % 10 == 5);
        Assert.That(link.Receiver.Statistics.TotalLost, Is.EqualTo(10));

        link.Sequence += 20_000;
        if (newSource)
            link.Ssrc++;
        for (var i = 0; i < 100; i++)
        {
            link.Audio(Voice.AsSpan(i * 160, 160), lost: i == 50);
            Assert.That(link.Receiver.Statistics.TotalLost, Is.InRange(10, 11));
        }

        Assert.That(link.Receiver.Statistics.TotalLost, Is.EqualTo(11));
        Assert.That(link.Receiver.Statistics.Lost, Is.EqualTo(1), "RFC 3550 §A.1: reports start anew");
    }

    [Test]
    public void Duplicates_TakeNoLossAway()
    {
        using var link = new Link(Pcma);
        for (var i = 0; i < 20; i++)
            link.Audio(Voice.AsSpan(i * 160, 160), lost: i == 10);
        link.Sequence--;
        for (var i = 0; i < 5; i++)
            link.Packet(8, new byte[160]);

        Assert.That(link.Receiver.Statistics.Lost, Is.Negative);
        Assert.That(link.Receiver.Statistics.TotalLost, Is.Not.Negative);
        Assert.That(link.Receiver.PacketsDiscarded, Is.Zero, "they had been played");
    }

    [Test]
    public void PacketsThatCanNotBePlayed_AreDiscarded()
    {
        using var link = new Link(Pcma);
        for (var i = 0; i < 50; i++)
        {
            if (i == 25)
            {
                link.Packet(8, []);
                link.Sequence++;
                link.Timestamp += 160;
            }
            else
            {
                link.Audio(Voice.AsSpan(i * 160, 160));
            }

            link.Read();
        }

        Assert.That(link.Receiver.PacketsDiscarded, Is.EqualTo(1));
    }

    [Test]
    public void Delay_IsTheWaitOfPackets()
    {
        using var link = new Link(Pcma);
        for (var i = 0; i < 200; i++)
        {
            link.Read();
            link.Audio(Voice.AsSpan(i * 160, 160), ago: 8);
        }

        Assert.That(link.Receiver.Delay.TotalMilliseconds, Is.EqualTo(28).Within(1.5));
    }

    [Test]
    public void Receiver_OfG711_IsSmall_AlsoAfterABacklog()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var receiver = new RtpReceiver(new RtpReceiverOptions { Formats = [Pcma, new RtpFormat(0, PcmuCodec.Instance)] });
        var made = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(made, Is.LessThan(45_000));

        var datagram = new byte[172];
        for (var i = 0; i < 1000; i++)
        {
            RtpHeader.Write(datagram, 8, false, (ushort)i, (uint)(i * 160), 7);
            receiver.OnPacket(datagram, TimeSpan.FromMilliseconds(i));
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(85_000));
    }

    [TestCase(false), TestCase(true)]
    public void PacketsAndFrames_AllocateNothing(bool opus)
    {
        if (opus && !LibOpusCodecProvider.Instance.IsAvailable)
            Assert.Ignore("libopus is not here.");
        var codec = opus ? new RtpFormat(96, new OpusCodec(LibOpusCodecProvider.Instance)) : Pcma;
        using var receiver = new RtpReceiver(new RtpReceiverOptions
        {
            Formats = [codec],
            Events = [new RtpEventFormat(101, codec.Codec.ClockRate)],
            ComfortNoisePayloadType = 13,
        });
        using var encoder = codec.Codec.CreateEncoder();
        var datagram = new byte[1500];
        var pcm = Tone.MakeVoice(codec.Codec.SampleRate, codec.Codec.SampleRate / 50);
        var length = RtpHeader.Length + encoder.Encode(pcm, datagram.AsSpan(RtpHeader.Length));
        var random = new Random(1);
        var (packet, now) = (0, TimeSpan.Zero);

        void Ticks()
        {
            for (var i = 0; i < 20; i++)
            {
                now += TimeSpan.FromMilliseconds(20);
                for (var n = random.Next(3); n > 0; n--, packet++)
                {
                    if (random.Next(20) == 0)
                        continue;
                    var type = random.Next(30) switch { 0 => (byte)13, 1 => (byte)101, _ => codec.PayloadType };
                    RtpHeader.Write(datagram, type, false, (ushort)packet, (uint)(packet * codec.Codec.ClockRate / 50), 7);
                    receiver.OnPacket(datagram.AsSpan(0, length), now - TimeSpan.FromMilliseconds(random.Next(20)));
                }

                receiver.Prepare();
                receiver.ReadFrame(pcm, now);
                receiver.TryReadEvent(out _);
            }
        }

        // Twice: the runtime, which compiles anew what runs often, allocates on this thread too.
        var allocated = Math.Min(AllocationMeter.Measure(Ticks, times: 500), AllocationMeter.Measure(Ticks, times: 500));

        Assert.That(allocated, Is.LessThanOrEqualTo(4096), "10,000 ticks; a block for the longest backlog may be among them");
    }
}
