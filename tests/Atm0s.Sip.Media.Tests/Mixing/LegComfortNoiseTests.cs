using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>Pauses of the room, described instead of sent (RFC 3389).</summary>
public sealed class LegComfortNoiseTests
{
    private MediaWorld _world = null!;

    [SetUp]
    public void SetUp() => _world = new MediaWorld();

    [TearDown]
    public void TearDown() => _world.Dispose();

    [Test]
    public void SilentRoom_IsDescribedOnceASecond_AndVoicesAreSent()
    {
        var phone = _world.AddPhone(p => p with { ComfortNoisePayloadType = 13, SendComfortNoise = true });
        var voice = new ToneEndpoint(440) { IsSpeaking = false };
        _world.Room.Add(voice);
        _world.Run(1);
        phone.Rtp.Clear();
        _world.Run(5);
        Assert.That(phone.Rtp.Select(p => p[1] & 0x7F), Has.All.EqualTo(13));
        Assert.That(phone.Rtp, Has.Count.InRange(4, 6));
        Assert.That(phone.Rtp.Select(p => p[12]), Has.All.EqualTo(127), "silence");

        voice.IsSpeaking = true;
        phone.Rtp.Clear();
        _world.Run(1);
        var audio = phone.Rtp.Where(p => (p[1] & 0x7F) == 8).ToArray();
        Assert.That(audio, Has.Length.EqualTo(50));
        Assert.That(audio[0][1] & 0x80, Is.EqualTo(0x80), "the marker opens a talk spurt (RFC 3551 §4.1)");
        Assert.That(audio.Skip(1).Select(p => p[1] & 0x80), Has.All.Zero);
    }

    [Test]
    public void SequenceAndTime_GoOn()
    {
        var phone = _world.AddPhone(p => p with { ComfortNoisePayloadType = 13, SendComfortNoise = true });
        var voice = new ToneEndpoint(440);
        _world.Room.Add(voice);
        for (var i = 0; i < 6; i++)
        {
            voice.IsSpeaking = i % 2 == 0;
            _world.Run(1);
        }

        var packets = phone.Rtp.Select(
            p => (Sequence: (ushort)((p[2] << 8) | p[3]), Time: (uint)((p[4] << 24) | (p[5] << 16) | (p[6] << 8) | p[7]))).ToArray();
        Assert.That(packets.Zip(packets.Skip(1), (a, b) => (ushort)(b.Sequence - a.Sequence)), Has.All.EqualTo(1));
        Assert.That(packets[^1].Time - packets[0].Time, Is.InRange(5u * 8000, 6u * 8000), "the last second is a pause");
        Assert.That(packets.Length, Is.LessThan(220));
    }

    [TestCase(-1, true)]
    [TestCase(13, false)]
    public void WithoutAgreement_OrOption_SilenceIsSent(int payloadType, bool wanted)
    {
        var phone = _world.AddPhone(p => p with { ComfortNoisePayloadType = payloadType, SendComfortNoise = wanted });
        _world.Run(1);
        Assert.That(phone.Rtp, Has.Count.InRange(50, 51));
        Assert.That(phone.Rtp.Select(p => p[1] & 0x7F), Has.All.EqualTo(8));
    }

    [Test]
    public void CodecOfAnotherClock_HasNoComfortNoise()
    {
        var wide = new PcmCodec(16_000);
        var phone = _world.AddPhone(
            p => p with { SendFormat = new Media.Rtp.RtpFormat(96, wide), ComfortNoisePayloadType = 13, SendComfortNoise = true });
        _world.Run(1);
        Assert.That(phone.Rtp.Select(p => p[1] & 0x7F), Has.All.EqualTo(96));
    }
}
