using System.Buffers.Binary;
using System.Net;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.Media.Srtp;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>A leg with keys sends nothing in the clear, and learns from nothing that is not authentic.</summary>
public sealed class LegSrtpTests
{
    private MediaWorld _world = null!;

    [SetUp]
    public void SetUp() => _world = new MediaWorld(TimeSpan.FromSeconds(3));

    [TearDown]
    public void TearDown() => _world.Dispose();

    [Test]
    public void SecurePhoneAndPlainPhone_HearEachOther([ValueSource(nameof(Suites))] string name)
    {
        var plain = _world.AddPhone();
        var secure = AddSecure(KeysOf(name, 1));
        (plain.IsSpeaking, plain.Hz) = (true, 400);
        (secure.IsSpeaking, secure.Hz) = (true, 1000);
        _world.Run(12);
        Assert.That(Level(plain, 1000), Is.EqualTo(-12).Within(1), "the plain one hears the secure one");
        Assert.That(Level(secure, 400), Is.EqualTo(-12).Within(1), "and the other way");
        Assert.That(secure.Unauthentic, Is.Zero, "nothing came in the clear");
        Assert.That(secure.Rtcp, Is.Not.Empty, "reports neither");
    }

    [Test]
    public void PlainPackets_AreNotHeard_AndLatchNothing()
    {
        var other = _world.AddPhone();
        var phone = AddSecure(KeysOf("AES_CM_128_HMAC_SHA1_80", 1));
        for (var i = 0; i < 100; i++)
        {
            var packet = new byte[172];
            RtpHeader.Write(packet, 8, false, (ushort)i, (uint)(160 * i), 7);
            phone.SendRaw(packet);
            _world.Run(0.02);
        }

        Assert.That(phone.Told, Is.Empty);
        Assert.That(phone.Leg.GetStatistics(), Has.Property("PacketsReceived").EqualTo(0).And.Property("PacketsRefused").EqualTo(100));
        Assert.That(Level(other, 1000), Is.LessThan(-60));
    }

    // RFC 3711 §3.3.2, §9.1: neither the replay list nor the roll-over counter of a key begins anew.
    [Test]
    public void KeyThatComesBackAfterAHandshakeThatEnded_GoesOnWhereItWas()
    {
        var keys = KeysOf("AES_CM_128_HMAC_SHA1_80", 1);
        var phone = AddSecure(keys);
        var replayed = new[] { Protected(phone), Protected(phone) };
        foreach (var packet in replayed)
            phone.SendRaw(packet);
        phone.IsSpeaking = true;
        _world.Run(5); // far enough for a receiver that begins anew to take what comes again for a new stream
        phone.IsSpeaking = false;
        var dtls = new BrokenDtls { Throws = false };
        var before = phone.Parameters;
        phone.Update(p => p with
        {
            Dtls = new DtlsParameters { Identity = dtls, Role = DtlsRole.Server, RemoteFingerprints = [dtls.Fingerprint] },
            Keys = null,
            RtcpMux = true,
        });
        _world.Run(0.1);
        dtls.GiveKeys(KeysOf("AES_CM_128_HMAC_SHA1_80", 50));
        _world.Run(0.1);
        dtls.Fail();
        _world.Run(0.1);
        phone.Update(_ => before);
        _world.Run(0.1);
        var received = phone.Leg.GetStatistics().PacketsReceived;
        foreach (var packet in replayed)
            phone.SendRaw(packet);
        _world.Run(0.1);
        Assert.That(phone.Leg.GetStatistics().PacketsReceived, Is.EqualTo(received), "they came before");
        phone.IsSpeaking = true;
        _world.Run(0.5);
        Assert.That(phone.Leg.GetStatistics().PacketsReceived, Is.EqualTo(received + 25).Within(1));
    }

    [Test]
    public void OtherKeyOfAnAttackerAtTheSameAddress_IsNotHeard()
    {
        var phone = AddSecure(KeysOf("AEAD_AES_128_GCM", 1));
        phone.IsSpeaking = true;
        _world.Run(1);
        var before = phone.Leg.GetStatistics().PacketsReceived;
        phone.Secure(KeysOf("AEAD_AES_128_GCM", 99));
        _world.Run(1);
        Assert.That(phone.Leg.GetStatistics().PacketsReceived, Is.EqualTo(before));
        Assert.That(phone.Leg.GetStatistics().PacketsRefused, Is.EqualTo(50));
    }

    [Test]
    public void SamePacketAgain_IsADuplicate()
    {
        var phone = AddSecure(KeysOf("AES_CM_128_HMAC_SHA1_80", 1));
        phone.IsSpeaking = true;
        _world.Run(0.2);
        var packet = new byte[172];
        RtpHeader.Write(packet, 8, false, phone.Sequence++, phone.Timestamp, 7);
        var secured = phone.Protect(packet, isRtcp: false);
        var before = phone.Leg.GetStatistics().PacketsRefused;
        phone.SendRaw(secured);
        phone.SendRaw(secured);
        phone.SendRaw(secured);
        phone.IsSpeaking = false;
        _world.Run(0.1); // not every tick asks for more than one
        Assert.That(phone.Leg.GetStatistics().PacketsRefused, Is.EqualTo(before + 2));
    }

    [Test]
    public void UpdateWithTheSameKeys_GoesOnWhereItWas_AndNewOnesBeginAnew()
    {
        var plain = _world.AddPhone();
        var keys = KeysOf("AES_CM_128_HMAC_SHA1_80", 1);
        var phone = AddSecure(keys);
        (phone.IsSpeaking, phone.Hz, phone.Sequence, plain.IsSpeaking) = (true, 1000, 65_500, true);
        // The roll-over counter of both goes up meanwhile: who began anew would be lost.
        _world.Run(3);
        phone.Update(p => p with { PacketTime = TimeSpan.FromMilliseconds(40) });
        _world.Run(2);
        Assert.That(phone.Unauthentic, Is.Zero);
        Assert.That(phone.Leg.GetStatistics().PacketsRefused, Is.Zero);

        var next = KeysOf("AEAD_AES_256_GCM", 5);
        phone.Update(p => p with { Keys = next });
        phone.Secure(next);
        _world.Run(2);
        Assert.That(phone.Unauthentic, Is.Zero);
        Assert.That(phone.Leg.GetStatistics().PacketsRefused, Is.LessThanOrEqualTo(1));
        Assert.That(Level(plain, 1000), Is.EqualTo(-12).Within(1));
    }

    [Test]
    public void KeyThatComesBack_GoesOnWhereItWas([ValueSource(nameof(Suites))] string name, [Values] bool isTickedBetween)
    {
        // Of phones that ring each may have chosen another suite: the leg goes by one, by the other, and by the first again.
        var (one, two) = (KeysOf(name, 1), KeysOf("AES_CM_128_HMAC_SHA1_32", 2));
        var phone = AddSecure(one);
        (phone.IsSpeaking, phone.Sequence) = (true, 65_500);
        _world.Run(10);
        phone.Update(p => p with { Keys = two });
        if (isTickedBetween)
        {
            phone.Secure(two);
            _world.Run(10);
        }

        phone.Update(p => p with { Keys = one });
        phone.Secure(one);
        _world.Run(10);

        Assert.That(phone.Unauthentic, Is.Zero, "a key stream that is used twice is a replay to the phone (RFC 3711 §9.1)");
        Assert.That(phone.Leg.GetStatistics().PacketsRefused, Is.Zero);
    }

    [Test]
    public void KeyThatComesBackAfterSeveral_LetsNothingInAgain([ValueSource(nameof(Suites))] string name, [Values(1, 2, 3)] int others)
    {
        var first = KeysOf(name, 1);
        var phone = AddSecure(first);
        (phone.IsSpeaking, phone.Sequence) = (true, 65_500);
        _world.Run(4);
        phone.IsSpeaking = false;
        var packet = new byte[172];
        RtpHeader.Write(packet, 8, false, phone.Sequence++, phone.Timestamp += 160, 7);
        var secured = phone.Protect(packet, isRtcp: false);
        phone.SendRaw([.. secured]);
        _world.Run(0.1);
        for (var i = 0; i < others; i++)
        {
            phone.Update(p => p with { Keys = KeysOf(name, 10 + i) });
            _world.Run(0.1);
        }

        phone.Update(p => p with { Keys = first });
        _world.Run(3);
        var before = phone.Leg.GetStatistics();
        phone.SendRaw([.. secured]);
        _world.Run(0.1);
        Assert.That(phone.Leg.GetStatistics().PacketsReceived, Is.EqualTo(before.PacketsReceived), "it was let in before");
        phone.IsSpeaking = true;
        _world.Run(2);
        Assert.That(phone.Leg.GetStatistics().PacketsReceived, Is.EqualTo(before.PacketsReceived + 100), "its roll-over counter is known");
    }

    // Threat M3: 10,000 packets a second that are not authentic, for a minute; the SDP's own address, and a phone behind a NAT, which
    // others may still take the place of.
    [Test]
    public void FloodOfJunk_LosesNothingOfTheCall(
        [Values("AES_CM_128_HMAC_SHA1_80", "AEAD_AES_128_GCM")] string name, [Values] bool isBehindNat, [Values] bool isFromThePhone)
    {
        var phone = AddSecure(KeysOf(name, 1), p => isBehindNat ? p with { Remote = new IPEndPoint(IPAddress.Parse("192.168.1.7"), 4000) } : p);
        using var stranger = new TestPhone(_world, IPAddress.Parse("10.0.9.9"));
        (phone.IsSpeaking, phone.Hz) = (true, 1000);
        _world.Run(2);
        var before = phone.Leg.GetStatistics();
        var junk = new byte[182];
        RtpHeader.Write(junk, 8, false, 1, 1, 7);
        for (var tick = 0; tick < 3000; tick++)
        {
            for (var i = 0; i < 200; i++)
            {
                // Some like the next ones of the phone, some like anything.
                BinaryPrimitives.WriteUInt16BigEndian(junk.AsSpan(2), (ushort)(phone.Sequence + (i % 7)));
                BinaryPrimitives.WriteInt32BigEndian(junk.AsSpan(40), (tick * 200) + i);
                (isFromThePhone ? phone : stranger).SendRawTo(phone.Leg, junk);
            }

            _world.Run(0.02);
        }

        var after = phone.Leg.GetStatistics();
        var (received, lost) = (after.PacketsReceived - before.PacketsReceived, after.PacketsLost - before.PacketsLost);
        Assert.That(phone.Told, Has.None.Contain("timeout").And.None.Contain("failed"), "the call lives");
        Assert.That(received, Is.EqualTo(3000));
        Assert.That(lost / 3000.0, Is.LessThan(0.001));
        Assert.That(phone.Unauthentic, Is.Zero);
    }

    // Threat M4: each packet twice and some much later, with losses, reordering, and sequence numbers that wrap.
    [Test]
    public void Replays_AreNeverDecoded([ValueSource(nameof(Suites))] string name)
    {
        var phone = AddSecure(KeysOf(name, 1));
        phone.Sequence = 65_000;
        var random = new Random(7);
        var (sent, old) = (0, new List<byte[]>());
        for (var i = 0; i < 2000; i++)
        {
            var packet = new byte[172];
            RtpHeader.Write(packet, 8, false, phone.Sequence++, phone.Timestamp += 160, 7);
            var secured = phone.Protect(packet, isRtcp: false);
            if (random.Next(20) == 0)
                continue;
            sent++;
            old.Add(secured);
            phone.SendRaw([.. secured]);
            phone.SendRaw([.. secured]);
            phone.SendRaw([.. old[random.Next(old.Count)]]);
            _world.Run(0.02);
        }

        var figures = phone.Leg.GetStatistics();
        Assert.That((figures.PacketsReceived, figures.PacketsRefused), Is.EqualTo((sent, 2 * sent)), "0 replays decoded");
        Assert.That(figures.PacketsLost, Is.EqualTo(2000 - sent).Within(2));
    }

    [Test]
    public void ReplaysOfReports_AreNeverHeard()
    {
        var phone = AddSecure(KeysOf("AES_CM_128_HMAC_SHA1_80", 1));
        phone.IsSpeaking = true;
        _world.Run(1);
        var report = phone.Protect([0x80, 201, 0, 1, 0, 0, 0, 7], isRtcp: true);
        var before = phone.Leg.GetStatistics().PacketsRefused;
        for (var i = 0; i < 4; i++)
            phone.SendRaw([.. report]);
        _world.Run(0.2);
        Assert.That(phone.Leg.GetStatistics().PacketsRefused, Is.EqualTo(before + 3));
    }

    [Test]
    public void KeepAlivesOfAHeldCall_AreStillEmpty()
    {
        var phone = AddSecure(KeysOf("AES_CM_128_HMAC_SHA1_80", 1), p => p with { Send = false, IsOnHold = true });
        phone.IsSpeaking = true;
        _world.Run(1);
        phone.IsSpeaking = false;
        _world.Run(40);
        Assert.That(phone.Rtp.Select(p => p.Length), Is.Not.Empty.And.All.Zero);
    }

    [Test]
    public void Ticks_AllocateNoMoreThanThoseOfAPlainLeg([ValueSource(nameof(Suites))] string name)
    {
        using var plain = new MediaWorld();
        Assert.That(
            Allocated(_world, AddSecure(KeysOf(name, 1))), Is.EqualTo(Allocated(plain, plain.AddPhone())), "the phone keeps what comes");

        static long Allocated(MediaWorld world, TestPhone phone)
        {
            phone.IsSpeaking = true;
            world.Run(2);
            phone.IsSpeaking = false;
            var packets = Enumerable.Range(0, 300).Select(_ =>
            {
                var packet = new byte[172];
                RtpHeader.Write(packet, 8, false, phone.Sequence++, phone.Timestamp += 160, 7);
                return phone.Protect(packet, isRtcp: false);
            }).ToArray();
            var next = 0;
            return AllocationMeter.Measure(() =>
            {
                phone.SendRaw(packets[next++]);
                world.Clock.Advance(MediaClock.Period);
                phone.AfterTick();
                phone.Rtp.Clear();
            });
        }
    }

    private static IEnumerable<string> Suites() => SrtpSuite.All.Select(suite => suite.Name);

    private static double Level(TestPhone phone, double hertz) => phone.Heard.End(TimeSpan.FromSeconds(0.5)).Measure(hertz).Levels[hertz];

    private static SrtpKeys KeysOf(string name, int seed)
    {
        var suite = SrtpSuite.Find(name)!;
        var random = new Random(seed);
        return new SrtpKeys(NewKey(), NewKey());

        SrtpKey NewKey()
        {
            var (key, salt) = (new byte[suite.KeyLength], new byte[suite.SaltLength]);
            random.NextBytes(key);
            random.NextBytes(salt);
            return new SrtpKey(suite, key, salt);
        }
    }

    private static byte[] Protected(TestPhone phone)
    {
        var packet = new byte[172];
        RtpHeader.Write(packet, 8, false, phone.Sequence, phone.Timestamp, phone.Ssrc);
        phone.Lose();
        return phone.Protect(packet, isRtcp: false);
    }

    private TestPhone AddSecure(SrtpKeys keys, Func<RtpLegParameters, RtpLegParameters>? change = null)
    {
        var phone = _world.AddPhone(p => change is null ? p with { Keys = keys } : change(p with { Keys = keys }));
        phone.Secure(keys);
        return phone;
    }
}
