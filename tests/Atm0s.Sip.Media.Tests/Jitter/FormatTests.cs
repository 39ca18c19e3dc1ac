using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Codecs.G722;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Tests.Jitter;

/// <summary>RFC 3264 §7: whatever the answer named may come, at any packet.</summary>
public sealed class FormatTests
{
    private static readonly RtpFormat Pcma = new(8, PcmaCodec.Instance);
    private static readonly RtpFormat Pcmu = new(0, PcmuCodec.Instance);
    private static readonly RtpFormat G722 = new(9, G722Codec.Instance);

    [Test]
    public void OtherFormatOfTheAnswer_IsHeardFromTheFirstPacket()
    {
        using var link = new Link(Pcma, Pcmu);
        for (var i = 0; i < 50; i++)
        {
            Assert.That(link.Audio(Tone.Make(400, 8000, 160, 8000, i * 160), 0), Is.EqualTo(RtpArrival.Accepted));
            link.Read();
        }

        Assert.That(Tone.Measure(link.Heard.AsSpan(1600, 4000), 400, 8000).Amplitude, Is.EqualTo(8000).Within(200));
        Assert.That(link.Receiver.Takes(0) && link.Receiver.Takes(8) && !link.Receiver.Takes(9), Is.True);
    }

    [Test]
    public void SameClock_ChangesWithoutAGap()
    {
        using var link = new Link(Pcma, Pcmu);
        for (var i = 0; i < 200; i++)
        {
            link.Audio(Tone.Make(400, 8000, 160, 8000, i * 160), (byte)(i / 10 % 2 == 0 ? 8 : 0));
            link.Read();
        }

        var heard = link.Heard.AsSpan(800);
        Assert.That(link.Receiver.Resyncs, Is.Zero);
        Assert.That(link.Receiver.ConcealedAudio, Is.EqualTo(TimeSpan.Zero));
        var steepest = 0;
        for (var i = 1; i < heard.Length; i++)
            steepest = Math.Max(steepest, Math.Abs(heard[i] - heard[i - 1]));
        Assert.That(steepest, Is.LessThan(1.15 * 8000 * 2 * Math.PI * 400 / 8000));
    }

    [Test]
    public void OtherSampleRate_IsTakenAtTheNextPrepare_AndBack()
    {
        using var link = new Link(Pcma, G722);
        Play(link, 8, 8000, 50);
        Assert.That(link.Receiver.SampleRate, Is.EqualTo(8000));

        Play(link, 9, 16_000, 50);
        Assert.That(link.Receiver.SampleRate, Is.EqualTo(16_000));
        var wide = link.Frames[^25..].SelectMany(frame => frame.Pcm).ToArray();
        Assert.That(Tone.Measure(wide, 400, 16_000).Amplitude, Is.EqualTo(8000).Within(400));

        Play(link, 8, 8000, 50);
        var narrow = link.Frames[^25..].SelectMany(frame => frame.Pcm).ToArray();
        Assert.That(link.Receiver.SampleRate, Is.EqualTo(8000));
        Assert.That(Tone.Measure(narrow, 400, 8000).Amplitude, Is.EqualTo(8000).Within(400));
        Assert.That(link.Frames.Count(frame => frame.Pcm.AsSpan().IndexOfAnyExcept((short)0) < 0), Is.LessThan(6));
    }

    [Test]
    public void OtherClock_IsFollowed_WithOpus()
    {
        if (!LibOpusCodecProvider.Instance.IsAvailable)
            Assert.Ignore("libopus is not here.");
        using var link = new Link(new RtpFormat(96, new OpusCodec(LibOpusCodecProvider.Instance)), Pcma);
        Play(link, 96, 48_000, 50);
        Play(link, 8, 8000, 50);

        Assert.That(link.Receiver.SampleRate, Is.EqualTo(8000));
        var narrow = link.Frames[^25..].SelectMany(frame => frame.Pcm).ToArray();
        Assert.That(Tone.Measure(narrow, 400, 8000).Amplitude, Is.EqualTo(8000).Within(200));
        Assert.That(link.Receiver.Statistics.JitterMilliseconds, Is.LessThan(5), "RFC 7160: the old clock's timestamps are no jitter");
    }

    [Test]
    public void WithoutPrepare_TheRateStays()
    {
        using var receiver = new RtpReceiver(new RtpReceiverOptions { Formats = [Pcma, G722] });
        var datagram = new byte[172];
        for (var i = 0; i < 50; i++)
        {
            RtpHeader.Write(datagram, (byte)(i < 25 ? 8 : 9), false, (ushort)i, (uint)(i * 160), 7);
            receiver.OnPacket(datagram, TimeSpan.FromMilliseconds(20 * i));
            receiver.ReadFrame(new short[160], TimeSpan.FromMilliseconds(20 * i));
        }

        Assert.That(receiver.SampleRate, Is.EqualTo(8000));
    }

    private static void Play(Link link, byte type, int rate, int packets)
    {
        for (var i = 0; i < packets; i++)
        {
            link.Audio(Tone.Make(400, rate, rate / 50, 8000, i * rate / 50), type);
            link.Read();
        }
    }
}
