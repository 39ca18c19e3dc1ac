using System.Buffers.Binary;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.Media.Srtp;

namespace Atm0s.Sip.Media.Tests.Srtp;

/// <summary>What a sender protects its receiver takes, once, and nothing else.</summary>
[TestFixtureSource(nameof(Suites))]
public sealed class SrtpSessionTests(string suiteName, int identifierLength)
{
    private readonly SrtpSuite _suite = SrtpSuite.Find(suiteName)!;
    private SrtpSender _sender = null!;
    private SrtpReceiver _receiver = null!;

    public static IEnumerable<TestFixtureData> Suites() =>
        SrtpSuite.All.SelectMany(suite => new[] { 0, 4 }.Select(length => new TestFixtureData(suite.Name, length)));

    [SetUp]
    public void SetUp()
    {
        var random = new Random(3);
        var (key, salt, identifier) = (new byte[_suite.KeyLength], new byte[_suite.SaltLength], new byte[identifierLength]);
        random.NextBytes(key);
        random.NextBytes(salt);
        random.NextBytes(identifier);
        _sender = new SrtpSender(new SrtpKey(_suite, key, salt, identifier));
        _receiver = new SrtpReceiver(new SrtpKey(_suite, key, salt, identifier));
    }

    [TearDown]
    public void TearDown()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }

    [Test]
    public void Rtp_ComesBackAsItWas([Values(12, 13, 27, 28, 172, 332, 1400)] int length)
    {
        var packet = Packet(7, length);
        var secured = Protect(packet);
        Assert.That(secured, Has.Length.EqualTo(length + _sender.RtpOverhead));
        Assert.That(secured[..12], Is.EqualTo(packet[..12]));
        if (length >= 28)
            Assert.That(secured[12..length], Is.Not.EqualTo(packet[12..]));
        Assert.That(Unprotect(secured), Is.EqualTo((SrtpVerdict.Accepted, packet)));
    }

    [Test]
    public void Rtcp_ComesBackAsItWas()
    {
        for (var i = 0; i < 5; i++)
        {
            var packet = Report(28);
            var secured = ProtectRtcp(packet);
            Assert.That(secured, Has.Length.EqualTo(28 + _sender.RtcpOverhead));
            Assert.That(UnprotectRtcp(secured), Is.EqualTo((SrtpVerdict.Accepted, packet)));
            Assert.That(UnprotectRtcp(secured).Verdict, Is.EqualTo(SrtpVerdict.Replayed));
        }
    }

    [Test]
    public void SamePacketTwice_IsTakenOnce()
    {
        var secured = Protect(Packet(7, 172));
        Assert.That(Unprotect(secured).Verdict, Is.EqualTo(SrtpVerdict.Accepted));
        Assert.That(Unprotect(secured).Verdict, Is.EqualTo(SrtpVerdict.Replayed));
    }

    [Test]
    public void SameSequenceNumberTwice_IsNotSent()
    {
        Protect(Packet(7, 172));
        var (buffer, length) = (new byte[2048], 172);
        Packet(7, 172).CopyTo(buffer, 0);
        Assert.That(_sender.TryProtectRtp(buffer, ref length), Is.False, "one key stream for two packets");
    }

    [Test]
    public void AnyBitChanged_IsUnauthenticAndLeavesNoTrace()
    {
        var packet = Packet(1, 60);
        var secured = Protect(packet);
        for (var bit = 0; bit < secured.Length * 8; bit++)
        {
            var forged = secured.ToArray();
            forged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(Unprotect(forged).Verdict, Is.Not.EqualTo(SrtpVerdict.Accepted), $"bit {bit}");
        }

        Assert.That(Unprotect(secured), Is.EqualTo((SrtpVerdict.Accepted, packet)));
    }

    [Test]
    public void AnyBitOfRtcpChanged_IsUnauthentic()
    {
        var secured = ProtectRtcp(Report(28));
        for (var bit = 0; bit < secured.Length * 8; bit++)
        {
            var forged = secured.ToArray();
            forged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.That(UnprotectRtcp(forged).Verdict, Is.Not.EqualTo(SrtpVerdict.Accepted), $"bit {bit}");
        }

        Assert.That(UnprotectRtcp(secured).Verdict, Is.EqualTo(SrtpVerdict.Accepted));
    }

    [Test]
    public void Garbage_IsNeverTakenAndNeverThrows()
    {
        var random = new Random(4);
        for (var i = 0; i < 20_000; i++)
        {
            var garbage = new byte[random.Next(0, 200)];
            random.NextBytes(garbage);
            if (garbage.Length > 0 && random.Next(2) == 0)
                garbage[0] = (byte)(0x80 | (garbage[0] & 0x3F));
            Assert.That(Unprotect(garbage).Verdict, Is.Not.EqualTo(SrtpVerdict.Accepted));
            Assert.That(UnprotectRtcp(garbage).Verdict, Is.Not.EqualTo(SrtpVerdict.Accepted));
        }
    }

    [Test]
    public void ForgedFloodOfHighNumbers_MovesNoRollOverCounter()
    {
        Assert.That(Unprotect(Protect(Packet(65_000, 172))).Verdict, Is.EqualTo(SrtpVerdict.Accepted));
        for (var i = 0; i < 3000; i++)
        {
            var forged = new byte[172 + _sender.RtpOverhead];
            Packet((ushort)(i * 20), 172).CopyTo(forged, 0);
            Unprotect(forged);
        }

        Assert.That(Unprotect(Protect(Packet(65_001, 172))).Verdict, Is.EqualTo(SrtpVerdict.Accepted));
    }

    [Test]
    public void ManySources_OldestGiveWay()
    {
        for (uint ssrc = 1; ssrc <= 100; ssrc++)
            Assert.That(Unprotect(Protect(Packet(9, 40, ssrc))).Verdict, Is.EqualTo(SrtpVerdict.Accepted));
        Assert.That(Unprotect(Protect(Packet(10, 40, 100))).Verdict, Is.EqualTo(SrtpVerdict.Accepted));
    }

    [Test]
    public void LossReorderAndRollOvers_AllThatComesIsTaken()
    {
        var random = new Random(5);
        var waiting = new List<(byte[] Plain, byte[] Secured)>();
        var (taken, sent) = (0, 0);
        for (var sequence = 65_000; sequence < 65_000 + (3 * 65_536); sequence += 7)
        {
            var packet = Packet((ushort)sequence, 40);
            var secured = Protect(packet);
            if (random.NextDouble() < 0.05)
                continue;
            waiting.Add((packet, secured));
            sent++;
            if (waiting.Count < 12)
                continue;
            var next = random.Next(waiting.Count);
            var (verdict, plain) = Unprotect(waiting[next].Secured);
            if (verdict == SrtpVerdict.Accepted && plain.AsSpan().SequenceEqual(waiting[next].Plain))
                taken++;
            else
                Assert.That(verdict, Is.EqualTo(SrtpVerdict.Replayed), "only what was too late");
            waiting.RemoveAt(next);
        }

        Assert.That(taken, Is.GreaterThan(sent * 0.7));
    }

    [Test]
    public void Packets_AllocateNothing()
    {
        var (buffer, template) = (new byte[2048], Packet(0, 172));
        ushort sequence = 0;
        Assert.That(AllocationMeter.Measure(() =>
        {
            template.CopyTo(buffer, 0);
            BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(2), ++sequence);
            var length = 172;
            if (!_sender.TryProtectRtp(buffer, ref length)
                || _receiver.UnprotectRtp(buffer.AsSpan(0, length), out _) != SrtpVerdict.Accepted)
                throw new InvalidOperationException();
        }), Is.Zero);
    }

    private static byte[] Packet(ushort sequenceNumber, int length, uint ssrc = 0xCAFE)
    {
        var packet = new byte[length];
        new Random(sequenceNumber).NextBytes(packet);
        RtpHeader.Write(packet, 8, false, sequenceNumber, 160u * sequenceNumber, ssrc);
        return packet;
    }

    private static byte[] Report(int length)
    {
        var packet = new byte[length];
        (packet[0], packet[1], packet[3]) = (0x80, 200, (byte)((length / 4) - 1));
        return packet;
    }

    private byte[] Protect(byte[] packet)
    {
        var (buffer, length) = (new byte[2048], packet.Length);
        packet.CopyTo(buffer, 0);
        Assert.That(_sender.TryProtectRtp(buffer, ref length), Is.True);
        return buffer[..length];
    }

    private byte[] ProtectRtcp(byte[] packet)
    {
        var (buffer, length) = (new byte[2048], packet.Length);
        packet.CopyTo(buffer, 0);
        Assert.That(_sender.TryProtectRtcp(buffer, ref length), Is.True);
        return buffer[..length];
    }

    private (SrtpVerdict Verdict, byte[] Packet) Unprotect(byte[] secured)
    {
        var buffer = secured.ToArray();
        var verdict = _receiver.UnprotectRtp(buffer, out var length);
        return (verdict, verdict == SrtpVerdict.Accepted ? buffer[..length] : []);
    }

    private (SrtpVerdict Verdict, byte[] Packet) UnprotectRtcp(byte[] secured)
    {
        var buffer = secured.ToArray();
        var verdict = _receiver.UnprotectRtcp(buffer, out var length);
        return (verdict, verdict == SrtpVerdict.Accepted ? buffer[..length] : []);
    }
}
