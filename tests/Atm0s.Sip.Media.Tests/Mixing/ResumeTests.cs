using System.Net;
using System.Security.Cryptography;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.Media.Srtp;
using Atm0s.Sip.Testing;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>
/// Phones that hold and go on, each in its own way: with another stream, other numbers, another port, another codec, after a moment or an
/// hour, while others talk. Within a second they are heard again, and hear.
/// </summary>
public sealed class ResumeTests
{
    private const double Hz = 1000;
    private const double Hold = 0.1; // seconds, the shortest one

    // Near the longest delay, 400 ms, is where a stall of the network becomes another time line.
    private static readonly int[] Pauses = [60, 200, 300, 380, 400, 420, 440, 460, 480, 600, 980, 1000, 1020, 2000];

    [Test]
    public void Phone_HoldsAndGoesOn_IsHeardWithinASecond([Range(1, 40)] int seed)
    {
        var random = new Random(seed);
        using var world = new MediaWorld(TimeSpan.FromHours(2));
        world.Network.Conditions = new MediaConditions
        {
            Loss = random.Next(3) == 0 ? 0.02 : 0, Delay = TimeSpan.FromMilliseconds(random.Next(40)),
            Jitter = TimeSpan.FromMilliseconds(random.Next(3) == 0 ? 30 : 0),
        };
        var (keys, isSecure) = (KeysOf(), random.Next(2) == 0);
        var listener = world.AddPhone();
        var others = random.Next(2) == 0 ? 0 : random.Next(3, 8);
        world.Room.MaxSpeakers = random.Next(2) == 0 ? MixRoom.AllSpeakers : 3;
        for (var i = 0; i < others; i++)
        {
            var other = world.AddPhone();
            (other.IsSpeaking, other.Hz, other.Decibels) = (true, 2000 + (200 * i), -24);
        }

        var phone = world.AddPhone(p => p with
        {
            ReceiveFormats = [.. p.ReceiveFormats, new RtpFormat(0, PcmuCodec.Instance)], Keys = isSecure ? keys : null,
        });
        if (isSecure)
            phone.Secure(keys);
        (phone.IsSpeaking, phone.Hz) = (true, Hz);
        world.Run(3);
        Assert.That(Level(listener, Hz, 0.5), Is.EqualTo(-12).Within(2), "before");

        for (var round = 1; round <= 4; round++)
        {
            var what = Change(phone, random, isSecure, world);
            (listener.IsSpeaking, listener.Hz) = (true, 700);
            world.Run(1.4);
            var text = $"round {round}: {what}; {phone.Leg.GetStatistics()}";
            Assert.That(Level(listener, Hz, 0.3), Is.EqualTo(-12).Within(2.5), "is heard, " + text);
            Assert.That(Level(phone, 700, 0.3), Is.EqualTo(-12).Within(2.5), "hears, " + text);
            listener.IsSpeaking = false;
        }
    }

    // Many phones count on where they were: no number and no timestamp tells of the pause, which looks like a stall of the network.
    [Test]
    public void PauseThatNumbersDoNotTell_IsOverWithinHalfASecond([ValueSource(nameof(Pauses))] int milliseconds)
    {
        using var world = new MediaWorld();
        var listener = world.AddPhone();
        var phone = world.AddPhone();
        (phone.IsSpeaking, phone.Hz) = (true, Hz);
        world.Run(5);
        phone.IsSpeaking = false;
        world.Run(milliseconds / 1000.0);
        phone.IsSpeaking = true;
        world.Run(0.5);
        var before = phone.Leg.GetStatistics();
        world.Run(2);
        var after = phone.Leg.GetStatistics();
        Assert.That(Level(listener, Hz, 1.9), Is.EqualTo(-12).Within(0.5), $"{before}\n{after}");
        Assert.That(after.ConcealedAudio - before.ConcealedAudio, Is.LessThan(TimeSpan.FromMilliseconds(40)));
        Assert.That((after.Resyncs, after.PacketsDiscarded), Is.EqualTo((before.Resyncs, before.PacketsDiscarded)));
    }

    // Holds, and goes on otherwise than it was.
    private static string Change(TestPhone phone, Random random, bool isSecure, MediaWorld world)
    {
        var says = random.Next(3) == 0; // nothing must be sent on hold, and some send all the same
        var isTold = random.Next(4) != 0;
        var (send, receive) = (random.Next(2) == 0, random.Next(2) == 0);
        var gap = Hold + (Math.Pow(random.NextDouble(), 3) * (random.Next(8) == 0 ? 120 : 10));
        phone.IsSpeaking = says;
        if (isTold)
            phone.Update(p => p with { IsOnHold = true, Send = send, Receive = receive });
        world.Run(gap);
        phone.IsSpeaking = true;

        var other = random.Next(3) == 0;
        var port = random.Next(4) == 0 && isTold ? 5000 + (2 * random.Next(1000)) : 0;
        var isNamed = random.Next(2) == 0;
        var isMu = random.Next(3) == 0;
        var sequence = random.Next(3) switch { 0 => 0, 1 => 1 + random.Next(90), _ => random.Next(65536) };
        var timestamp = random.Next(4) switch
        {
            0 => 0u,
            1 => (uint)(gap * 8000),
            2 => (uint)-random.Next(1, 100_000),
            _ => (uint)random.NextInt64(uint.MaxValue),
        };
        if (other)
            phone.Ssrc = (uint)random.Next();
        else if (isSecure) // a key is for one number once (RFC 3711 §3.3.1), and the roll-over is guessed
            sequence %= 20000;
        phone.Sequence += (ushort)sequence;
        phone.Timestamp += timestamp;
        phone.IsMuLaw = isMu;
        if (port != 0)
        {
            // A new stream at a port that is not told is believed once the one before has been silent.
            if (!isNamed && (says || gap < 1.1))
            {
                phone.IsSpeaking = false;
                world.Run(1.1);
                phone.IsSpeaking = true;
            }

            phone.Move(port);
        }

        if (isTold)
        {
            phone.Update(p => p with
            {
                IsOnHold = false, Send = true, Receive = true,
                Remote = port != 0 && isNamed ? new IPEndPoint(p.Remote.Address, port) : p.Remote,
            });
        }

        return $"{gap:0.0} s, {(isTold ? $"told, send {send} receive {receive}" : "untold")}, {(says ? "speaks on" : "silent")}, "
            + $"SSRC {(other ? "new" : "same")}, port {(port == 0 ? "same" : isNamed ? "named" : "unnamed")}, sequence +{sequence}, "
            + $"timestamp +{(int)timestamp}, {(isMu ? "PCMU" : "PCMA")}, {(isSecure ? "SRTP" : "RTP")}";
    }

    private static double Level(TestPhone phone, double hertz, double seconds) =>
        phone.Heard.End(TimeSpan.FromSeconds(seconds)).Measure(hertz).Levels[hertz];

    private static SrtpKeys KeysOf()
    {
        var suite = SrtpSuite.All[0];
        return new SrtpKeys(Key(1), Key(2));

        SrtpKey Key(byte seed) => new(
            suite, SHA512.HashData([seed]).AsSpan(0, suite.KeyLength), SHA512.HashData([seed, 1]).AsSpan(0, suite.SaltLength));
    }
}
