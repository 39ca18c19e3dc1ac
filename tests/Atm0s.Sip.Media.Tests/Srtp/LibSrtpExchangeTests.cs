using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.Media.Srtp;

namespace Atm0s.Sip.Media.Tests.Srtp;

/// <summary>Packets exchanged with libsrtp2: each byte equal, with loss, reordering and three roll-overs, in both directions.</summary>
public sealed class LibSrtpExchangeTests
{
    private const int Packets = 100_000;

    // Twice as many numbers as packets: three roll-overs.
    private const int FirstSequenceNumber = 60_000;

    [SetUp]
    public void SetUp()
    {
        if (LibSrtp.IsThere)
            return;
        const string Hint = "libsrtp2 is missing: apt-get install libsrtp2-1";
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail(Hint);
        Assert.Ignore(Hint);
    }

    [Test]
    public void OursToTheirs_AllBytesAreEqual([ValueSource(nameof(Suites))] string name)
    {
        var (suite, key) = KeyOf(name);
        using var sender = new SrtpSender(new SrtpKey(suite, key.AsSpan(0, suite.KeyLength), key.AsSpan(suite.KeyLength)));
        using var receiver = new LibSrtp(name, key, isSender: false);
        Exchange(
            (buffer, length) => sender.TryProtectRtp(buffer, ref length) ? length : 0,
            receiver.UnprotectRtp,
            (buffer, length) => sender.TryProtectRtcp(buffer, ref length) ? length : 0,
            receiver.UnprotectRtcp);
    }

    [Test]
    public void TheirsToOurs_AllBytesAreEqual([ValueSource(nameof(Suites))] string name)
    {
        var (suite, key) = KeyOf(name);
        using var sender = new LibSrtp(name, key, isSender: true);
        using var receiver = new SrtpReceiver(new SrtpKey(suite, key.AsSpan(0, suite.KeyLength), key.AsSpan(suite.KeyLength)));
        Exchange(
            sender.ProtectRtp,
            (buffer, length) => receiver.UnprotectRtp(buffer.AsSpan(0, length), out var rest) == SrtpVerdict.Accepted ? rest : 0,
            sender.ProtectRtcp,
            (buffer, length) => receiver.UnprotectRtcp(buffer.AsSpan(0, length), out var rest) == SrtpVerdict.Accepted ? rest : 0);
    }

    [Test]
    public void BothProtect_TheSameBytes([ValueSource(nameof(Suites))] string name)
    {
        var (suite, key) = KeyOf(name);
        using var ours = new SrtpSender(new SrtpKey(suite, key.AsSpan(0, suite.KeyLength), key.AsSpan(suite.KeyLength)));
        using var theirs = new LibSrtp(name, key, isSender: true);
        for (var i = 0; i < 1000; i++)
        {
            var packet = Packet((ushort)(65_000 + i), new Random(i));
            var (a, b) = (new byte[2048], new byte[2048]);
            packet.CopyTo(a, 0);
            packet.CopyTo(b, 0);
            var length = packet.Length;
            Assert.That(ours.TryProtectRtp(a, ref length), Is.True);
            Assert.That(theirs.ProtectRtp(b, packet.Length), Is.EqualTo(length));
            Assert.That(a.AsSpan(0, length).SequenceEqual(b.AsSpan(0, length)), Is.True);
        }
    }

    private static IEnumerable<string> Suites() => SrtpSuite.All.Select(suite => suite.Name);

    private static (SrtpSuite Suite, byte[] Key) KeyOf(string name)
    {
        var suite = SrtpSuite.Find(name)!;
        var key = new byte[suite.KeyLength + suite.SaltLength];
        new Random(6).NextBytes(key);
        return (suite, key);
    }

    private static void Exchange(
        Func<byte[], int, int> protect, Func<byte[], int, int> unprotect,
        Func<byte[], int, int> protectRtcp, Func<byte[], int, int> unprotectRtcp)
    {
        var random = new Random(7);
        var late = new Queue<(int Number, byte[] Plain, byte[] Buffer, int Length)>();
        var buffer = new byte[2048];
        var (sent, equal) = (0, 0);
        for (var i = 0; i < Packets; i++)
        {
            var plain = Packet((ushort)(FirstSequenceNumber + (2 * i)), random);
            plain.CopyTo(buffer, 0);
            var length = protect(buffer, plain.Length);
            Assert.That(length, Is.GreaterThan(plain.Length));
            if (random.NextDouble() < 0.05)
                continue;
            sent++;
            if (random.NextDouble() < 0.1)
            {
                late.Enqueue((i, plain, buffer.ToArray(), length));
                continue;
            }

            equal += IsEqual(plain, buffer, unprotect(buffer, length));
            if (late.TryPeek(out var oldest) && i - oldest.Number > 20)
                equal += TakeLate();
            if (i % 100 == 0)
                ExchangeReport();
        }

        while (late.Count > 0)
            equal += TakeLate();
        Assert.That(equal, Is.EqualTo(sent));

        int TakeLate()
        {
            var (_, plain, waiting, length) = late.Dequeue();
            return IsEqual(plain, waiting, unprotect(waiting, length));
        }

        void ExchangeReport()
        {
            var plain = new byte[28];
            random.NextBytes(plain);
            (plain[0], plain[1], plain[2], plain[3], plain[4]) = (0x80, 200, 0, 6, 1);
            (plain[5], plain[6], plain[7]) = (2, 3, 4);
            plain.CopyTo(buffer, 0);
            var length = unprotectRtcp(buffer, protectRtcp(buffer, plain.Length));
            Assert.That(buffer.AsSpan(0, length).SequenceEqual(plain), Is.True);
        }
    }

    private static int IsEqual(byte[] plain, byte[] buffer, int length) => buffer.AsSpan(0, length).SequenceEqual(plain) ? 1 : 0;

    // With sources and an extension now and then, and any length.
    private static byte[] Packet(ushort sequenceNumber, Random random)
    {
        var packet = new byte[40 + random.Next(200)];
        random.NextBytes(packet);
        RtpHeader.Write(packet, 8, false, sequenceNumber, 160u * sequenceNumber, 0xCAFE);
        if (random.Next(4) == 0)
            packet[0] |= 2;
        if (random.Next(4) == 0)
        {
            packet[0] |= 0x10;
            var extension = 12 + ((packet[0] & 0x0F) * 4);
            (packet[extension], packet[extension + 1], packet[extension + 2], packet[extension + 3]) = (0xBE, 0xDE, 0, 1);
        }

        return packet;
    }
}
