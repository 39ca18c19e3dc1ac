using System.Buffers.Binary;
using System.Text;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Tests.Rtp;

/// <summary>RFC 3550 §6.4 to §6.6, byte by byte.</summary>
public sealed class RtcpSessionTests
{
    private static readonly DateTimeOffset Wall = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly byte[] _buffer = new byte[RtcpSession.MaxLength];
    private RtpSender _sender = null!;
    private RtpReceiver _receiver = null!;
    private RtcpSession _session = null!;

    [SetUp]
    public void SetUp()
    {
        _sender = new RtpSender(new RtpFormat(8, PcmaCodec.Instance), TimeSpan.FromMilliseconds(20), 0x11223344, 100, 5000);
        _receiver = new RtpReceiver(new RtpReceiverOptions { Formats = [new RtpFormat(8, PcmaCodec.Instance)] });
        _session = new RtcpSession(_sender, _receiver, "me", 0.5);
    }

    [TearDown]
    public void TearDown()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }

    [Test]
    public void BeforeAnythingIsSentOrReceived_IsAnEmptyReceiverReport_WithCname()
    {
        var length = _session.WriteReport(_buffer, TimeSpan.FromSeconds(1), Wall);
        Assert.That(length % 4, Is.Zero);
        Assert.That(_buffer[..4], Is.EqualTo(new byte[] { 0x80, 201, 0, 1 }));
        Assert.That(U32(4), Is.EqualTo(0x11223344));
        Assert.That(_buffer[8..12], Is.EqualTo(new byte[] { 0x81, 202, 0, 3 }));
        Assert.That(U32(12), Is.EqualTo(0x11223344));
        Assert.That(_buffer[16..22], Is.EqualTo(new byte[] { 1, 2, (byte)'m', (byte)'e', 0, 0 }));
        Assert.That(length, Is.EqualTo(24));
    }

    [Test]
    public void AfterSending_IsASenderReport()
    {
        Send(3);
        _session.WriteReport(_buffer, TimeSpan.FromSeconds(1), Wall);
        Assert.That(_buffer[1], Is.EqualTo(200));
        Assert.That(U32(8), Is.EqualTo((uint)(Wall - new DateTimeOffset(1900, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalSeconds));
        Assert.That(U32(16), Is.EqualTo(5000 + (3 * 160)), "RTP time of now");
        Assert.That(U32(20), Is.EqualTo(3));
        Assert.That(U32(24), Is.EqualTo(480));
        Assert.That(_session.WriteReport(_buffer, TimeSpan.FromSeconds(2), Wall), Is.EqualTo(24), "nothing sent since: a receiver report");
    }

    [Test]
    public void Block_TellsOfLoss()
    {
        foreach (var sequence in (ushort[])[10, 11, 13, 14])
            Receive(sequence);
        _session.WriteReport(_buffer, TimeSpan.FromSeconds(1), Wall);
        Assert.That(_buffer[0], Is.EqualTo(0x81));
        Assert.That(U32(8), Is.EqualTo(0xAABBCCDD));
        Assert.That(_buffer[12], Is.EqualTo(256 / 5), "1 of 5");
        Assert.That(U32(12) & 0xFFFFFF, Is.EqualTo(1));
        Assert.That(U32(16), Is.EqualTo(14));
        Receive(15);
        _session.WriteReport(_buffer, TimeSpan.FromSeconds(2), Wall);
        Assert.That(_buffer[12], Is.Zero, "none lost since the last report");
        Assert.That(U32(12) & 0xFFFFFF, Is.EqualTo(1), "in all");
    }

    [Test]
    public void RoundTrip_ByOurOwnReportComingBack()
    {
        Send(1);
        _session.WriteReport(_buffer, TimeSpan.FromSeconds(10), Wall);
        var middle = (U32(8) << 16) | (U32(12) >> 16);
        var report = new byte[32];
        ((byte[])[0x81, 201, 0, 7]).CopyTo(report, 0);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(8), 0x11223344);
        report[12] = 64;
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(24), middle);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(28), 65536 / 2);
        Assert.That(_session.OnPacket(report, TimeSpan.FromSeconds(10.75)), Is.True);
        Assert.That(_session.RoundTrip!.Value.TotalMilliseconds, Is.EqualTo(250).Within(0.1));
        Assert.That(_session.RemoteFractionLost, Is.EqualTo(0.25));
    }

    [Test]
    public void InventedReport_GivesNoRoundTrip()
    {
        var report = new byte[32];
        ((byte[])[0x81, 201, 0, 7]).CopyTo(report, 0);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(8), 0x11223344);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(24), 12345);
        Assert.That(_session.OnPacket(report, TimeSpan.FromSeconds(1)), Is.True);
        Assert.That(_session.RoundTrip, Is.Null);
    }

    [Test]
    public void SenderReport_OfAnotherSource_IsNotAnswered([Values] bool beforeTheFirstPacket)
    {
        if (!beforeTheFirstPacket)
            Receive(10);
        _session.OnPacket(MakeSenderReport(0xBAD), TimeSpan.FromSeconds(1));
        Receive(11);
        _session.WriteReport(_buffer, TimeSpan.FromSeconds(2), Wall);
        Assert.That((U32(24), U32(28)), Is.EqualTo((0u, 0u)), "LSR and DLSR (RFC 3550 §6.4.1)");
    }

    [Test]
    public void SenderReport_OfTheSource_IsAnsweredWithTheTimeSince([Values] bool beforeTheFirstPacket)
    {
        if (!beforeTheFirstPacket)
            Receive(10);
        _session.OnPacket(MakeSenderReport(0xAABBCCDD), TimeSpan.FromSeconds(1));
        _session.OnPacket(MakeSenderReport(0xBAD), TimeSpan.FromSeconds(1.5));
        Receive(11);
        _session.WriteReport(_buffer, TimeSpan.FromSeconds(2), Wall);
        Assert.That((U32(24), U32(28)), Is.EqualTo(beforeTheFirstPacket ? (0u, 0u) : (0x56780000u | 0x9ABC, 65_536u)));
    }

    [Test]
    public void Blocks_AboutOthers_AreIgnored()
    {
        var report = new byte[8 + (3 * 24)];
        ((byte[])[0x83, 201, 0, 19]).CopyTo(report, 0);
        for (var i = 0; i < 3; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(8 + (24 * i)), i == 1 ? 0x11223344 : 0xBADu);
            report[12 + (24 * i)] = (byte)(i == 1 ? 128 : 255);
        }

        _session.OnPacket(report, TimeSpan.FromSeconds(1));
        Assert.That(_session.RemoteFractionLost, Is.EqualTo(0.5));
    }

    [TestCase(0xBADu, 0xBAEu, false)]
    [TestCase(0xAABBCCDDu, 0xBADu, true)]
    [TestCase(0xBADu, 0xAABBCCDDu, true)]
    public void Bye_IsOfTheSourcesThatItNames(uint first, uint second, bool ours)
    {
        Receive(10);
        var bye = new byte[20];
        ((byte[])[0x80, 201, 0, 1, 0, 0, 0, 1, 0x82, 203, 0, 2]).CopyTo(bye, 0);
        BinaryPrimitives.WriteUInt32BigEndian(bye.AsSpan(12), first);
        BinaryPrimitives.WriteUInt32BigEndian(bye.AsSpan(16), second);
        Assert.That(_session.OnPacket(bye, TimeSpan.FromSeconds(1)), Is.True);
        Assert.That(_session.ByeReceived, Is.EqualTo(ours));
    }

    [Test]
    public void RoundTrip_OfALineWithoutDelay_IsZero_ThoughTimesAreInexact()
    {
        Send(1);
        _session.WriteReport(_buffer, TimeSpan.FromSeconds(10), Wall);
        var report = new byte[32];
        ((byte[])[0x81, 201, 0, 7]).CopyTo(report, 0);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(8), 0x11223344);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(24), (U32(8) << 16) | (U32(12) >> 16));
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(28), 65536);
        _session.OnPacket(report, TimeSpan.FromSeconds(10.995));
        Assert.That(_session.RoundTrip, Is.EqualTo(TimeSpan.Zero));
        _session.OnPacket(report, TimeSpan.FromSeconds(10.5));
        Assert.That(_session.RoundTrip, Is.EqualTo(TimeSpan.Zero), "half a second too early is a lie");
    }

    [Test]
    public void AnotherReceiver_KeepsRoundTripAndReports()
    {
        Receive(10);
        _session.OnPacket(MakeSenderReport(0xAABBCCDD), TimeSpan.FromSeconds(1));
        using var next = new RtpReceiver(new RtpReceiverOptions { Formats = [new RtpFormat(0, PcmuCodec.Instance)] });
        _session.Follow(next);
        var datagram = new byte[172];
        RtpHeader.Write(datagram, 0, false, 11, 0, 0xAABBCCDD);
        next.OnPacket(datagram, TimeSpan.FromSeconds(1));
        _session.WriteReport(_buffer, TimeSpan.FromSeconds(2), Wall);
        Assert.That((U32(8), U32(24), U32(28)), Is.EqualTo((0xAABBCCDD, 0x56780000u | 0x9ABC, 65_536u)));
    }

    [Test]
    public void Bye_StandsBehindAReport()
    {
        var length = _session.WriteBye(_buffer, TimeSpan.FromSeconds(1), Wall);
        Assert.That(_buffer[1], Is.EqualTo(201));
        Assert.That(_buffer[(length - 8)..(length - 4)], Is.EqualTo(new byte[] { 0x81, 203, 0, 1 }));
        using var otherReceiver = new RtpReceiver(new RtpReceiverOptions { Formats = [new RtpFormat(8, PcmaCodec.Instance)] });
        using var otherSender = new RtpSender(new RtpFormat(8, PcmaCodec.Instance), TimeSpan.FromMilliseconds(20), 1, 0, 0);
        var pcm = new short[160];
        var rtp = new byte[200];
        _sender.Write(pcm);
        Assert.That(_sender.TryTake(rtp, out var rtpLength), Is.True);
        otherReceiver.OnPacket(rtp.AsSpan(0, rtpLength), TimeSpan.Zero);
        var other = new RtcpSession(otherSender, otherReceiver, "you", 0);
        Assert.That(other.OnPacket(_buffer.AsSpan(0, length), TimeSpan.FromSeconds(1)), Is.True);
        Assert.That(other.ByeReceived, Is.True);
    }

    [Test]
    public void Interval_IsHalfAtFirst_ThenTwoAndAHalfToSevenAndAHalfSeconds([Values(0, 0.5, 1)] double random)
    {
        _session.Schedule(TimeSpan.Zero, random);
        Assert.That(_session.IsReportDue(TimeSpan.FromSeconds((0.5 + random) * 2.5) - TimeSpan.FromMilliseconds(1)), Is.False);
        Assert.That(_session.IsReportDue(TimeSpan.FromSeconds((0.5 + random) * 2.5)), Is.True);
        _session.Schedule(TimeSpan.FromSeconds(10), random);
        Assert.That(_session.IsReportDue(TimeSpan.FromSeconds(10 + ((0.5 + random) * 5)) - TimeSpan.FromMilliseconds(1)), Is.False);
        Assert.That(_session.IsReportDue(TimeSpan.FromSeconds(10 + ((0.5 + random) * 5))), Is.True);
    }

    [Test]
    public void LongCname_IsCut()
    {
        var session = new RtcpSession(_sender, _receiver, new string('x', 1000), 0);
        var length = session.WriteReport(_buffer, TimeSpan.Zero, Wall);
        Assert.That(_buffer[17], Is.EqualTo(255));
        Assert.That(length, Is.LessThan(RtcpSession.MaxLength));
        Assert.That(Encoding.ASCII.GetString(_buffer, 18, 255), Is.EqualTo(new string('x', 255)));
    }

    [Test]
    public void Junk_IsRefused_AndNeverThrows()
    {
        var random = new Random(7);
        var bytes = new byte[300];
        for (var i = 0; i < 50_000; i++)
        {
            random.NextBytes(bytes);
            if (i % 2 == 0)
                ((byte[])[0x81, (byte)random.Next(198, 206), 0, (byte)random.Next(0, 12)]).CopyTo(bytes, 0);
            _session.OnPacket(bytes.AsSpan(0, random.Next(bytes.Length)), TimeSpan.FromSeconds(i));
        }

        Assert.That(_session.OnPacket([0x80, 202, 0, 1, 0, 0, 0, 0], TimeSpan.Zero), Is.False, "a compound begins with a report");
        Assert.That(_session.OnPacket([0x80, 201, 0, 9, 0, 0, 0, 0], TimeSpan.Zero), Is.False, "longer than it is");
    }

    private static byte[] MakeSenderReport(uint ssrc)
    {
        var report = new byte[28];
        ((byte[])[0x80, 200, 0, 6, 0, 0, 0, 0, 0x12, 0x34, 0x56, 0x78, 0x9A, 0xBC, 0xDE, 0xF0]).CopyTo(report, 0);
        BinaryPrimitives.WriteUInt32BigEndian(report.AsSpan(4), ssrc);
        return report;
    }

    private uint U32(int at) => BinaryPrimitives.ReadUInt32BigEndian(_buffer.AsSpan(at));

    private void Send(int packets)
    {
        var pcm = new short[160];
        var datagram = new byte[200];
        for (var i = 0; i < packets; i++)
        {
            _sender.Write(pcm);
            _sender.TryTake(datagram, out _);
        }
    }

    private void Receive(ushort sequence)
    {
        var datagram = new byte[172];
        RtpHeader.Write(datagram, 8, false, sequence, sequence * 160u, 0xAABBCCDD);
        _receiver.OnPacket(datagram, TimeSpan.FromMilliseconds(sequence * 20));
    }
}
