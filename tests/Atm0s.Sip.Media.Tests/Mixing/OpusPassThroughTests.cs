using System.Buffers.Binary;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.TestKit.Net;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>Opus of a single speaker goes on as it came; changes to and from the mix are no clicks, holes or new streams.</summary>
[NonParallelizable]
public sealed class OpusPassThroughTests
{
    private const int Frame = 960;

    private static (byte[] Payload, int Level)[][] _voices = [];

    private InMemoryMediaNetwork _network = null!;
    private ManualMediaClock _clock = null!;
    private MediaEngine _engine = null!;
    private OpusPhone[] _phones = [];

    [OneTimeSetUp]
    public void EncodeVoices()
    {
        if (LibOpusCodecProvider.Instance.IsAvailable)
            _voices = [.. Enumerable.Range(0, 2).Select(number => OpusPhone.Encode(
                Tone.MakeVoice(48_000, 200 * Frame, 120 + (70 * number)).Select(s => (short)(s / 2)).Chunk(Frame)))];
    }

    [SetUp]
    public void SetUp()
    {
        if (!LibOpusCodecProvider.Instance.IsAvailable)
            Assert.Ignore("apt-get install libopus0");
        _clock = new ManualMediaClock();
        _network = new InMemoryMediaNetwork(1, _clock);
        _engine = new MediaEngine(
            new MediaEngineOptions { FirstPort = 20_000, LastPort = 20_999 },
            _network, _clock, TimeProvider.System, new Random(1), NullLogger.Instance);
        _engine.Start();
    }

    [TearDown]
    public void TearDown()
    {
        _engine?.Dispose();
        foreach (var phone in _phones)
            phone.Dispose();
    }

    [TestCase(2), TestCase(5)]
    public void SingleSpeaker_IsPassedOn_ByteForByte(int phones)
    {
        AddPhones(phones);
        for (var i = 0; i < 100; i++)
            Tick(first: i, second: -1);

        foreach (var listener in _phones[1..])
        {
            var payloads = listener.Packets.Select(packet => Convert.ToHexString(packet.AsSpan(RtpHeader.Length))).ToList();
            var from = payloads.IndexOf(Convert.ToHexString(_voices[0][10].Payload));
            Assert.That(from, Is.InRange(8, 14));
            Assert.That(
                payloads.Skip(from).Take(80), Is.EqualTo(_voices[0].Skip(10).Take(80).Select(voice => Convert.ToHexString(voice.Payload))));
            AssertUnbroken(listener);
        }

        Assert.That(_engine.Metrics.PacketsPassed, Is.GreaterThan(90 * (phones - 1)));
    }

    [TestCase(1), TestCase(2)]
    public void RandomChanges_AreOneStream_WithoutClickOrHole(int seed)
    {
        AddPhones(4);
        var random = new Random(seed);
        var (speaks, changes, wasPassed) = (false, 0, 0L);
        var (heard, passed) = (new List<short>(), new List<bool>());
        for (var i = 0; i < 1200; i++)
        {
            if (random.Next(speaks ? 25 : 110) == 0)
                speaks = !speaks;
            Tick(first: i % 200, second: speaks ? (i + 77) % 200 : -1);
            heard.AddRange(_phones[2].Heard);
            var now = _engine.Metrics.PacketsPassed;
            passed.Add(now - wasPassed >= 3); // to all who listen
            changes += passed.Count > 1 && passed[^1] != passed[^2] ? 1 : 0;
            wasPassed = now;
        }

        TestContext.Out.WriteLine($"{changes} changes, {passed.Count(p => p)} of {passed.Count} frames passed on");
        Assert.That(changes, Is.GreaterThan(5));
        foreach (var phone in _phones)
            AssertUnbroken(phone);

        // The voice is there in each frame, and no step between two frames is larger than those inside of them.
        var pcm = heard.Skip(10 * Frame).ToArray();
        var (inside, between) = (0, 0);
        for (var i = 1; i < pcm.Length; i++)
        {
            var step = Math.Abs(pcm[i] - pcm[i - 1]);
            if (i % Frame == 0)
                between = Math.Max(between, step);
            else
                inside = Math.Max(inside, step);
        }

        Assert.That(between, Is.LessThanOrEqualTo(inside));
        var levels = pcm.Chunk(Frame).Select(frame => Tone.Rms(frame)).Order().ToArray();
        Assert.That(levels[0], Is.GreaterThan(levels[levels.Length / 2] / 4));
    }

    /// <summary>When many who listened to one alone hear two, that is encoded once, from the first frame on.</summary>
    [Test]
    public void EndOfASingleVoice_IsEncodedOnceForAllListeners()
    {
        AddPhones(12);
        for (var i = 0; i < 100; i++)
            Tick(first: i, second: -1);
        var room = _room!;
        var (encoded, shared) = (room.Groups.Encoded, _engine.Metrics.PacketsShared);

        for (var i = 0; i < 20; i++)
            Tick(first: 100 + i, second: i);

        Assert.That(room.Groups.Encoded - encoded, Is.InRange(17, 20));
        Assert.That(_engine.Metrics.PacketsShared - shared, Is.EqualTo(10 * (room.Groups.Encoded - encoded)), "the two hear each other");
    }

    private MixRoom? _room;

    private void AddPhones(int count)
    {
        _room = _engine.CreateRoom("room");
        _phones = [.. Enumerable.Range(0, count).Select(i => new OpusPhone(_engine, _network, _room, i + 1, passThrough: true))];
        Tick(-1, -1);
    }

    private void Tick(int first, int second)
    {
        if (first >= 0)
            _phones[0].Say(_voices[0][first]);
        if (second >= 0)
            _phones[1].Say(_voices[1][second]);
        _clock.Advance(MediaClock.Period);
        for (var i = 0; i < _phones.Length; i++)
            _phones[i].Hear(listens: i == 2);
    }

    private static void AssertUnbroken(OpusPhone phone)
    {
        for (var i = 1; i < phone.Packets.Count; i++)
        {
            var (a, b) = (phone.Packets[i - 1], phone.Packets[i]);
            Assert.That(
                (ushort)(BinaryPrimitives.ReadUInt16BigEndian(b.AsSpan(2)) - BinaryPrimitives.ReadUInt16BigEndian(a.AsSpan(2))), Is.EqualTo(1));
            Assert.That(BinaryPrimitives.ReadUInt32BigEndian(b.AsSpan(4)) - BinaryPrimitives.ReadUInt32BigEndian(a.AsSpan(4)), Is.EqualTo(960u));
            Assert.That(b[1] & 0x80, Is.Zero, "one talk spurt");
        }
    }
}
