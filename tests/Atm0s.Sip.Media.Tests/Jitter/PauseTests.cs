using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Tests.Jitter;

/// <summary>What the sender did not send is not made up, and does not count as lost.</summary>
public sealed class PauseTests
{
    private static readonly RtpReceiverOptions Options = new()
    {
        Formats = [new RtpFormat(8, PcmaCodec.Instance)],
        ComfortNoisePayloadType = 13,
    };

    [TestCase(200), TestCase(900), TestCase(5000)]
    public void TimestampWithAGap_AndSequenceWithout_IsAPause(int milliseconds)
    {
        using var link = new Link(Options.Formats[0]);
        Talk(link, 100);
        link.Read(milliseconds / 20);
        link.Timestamp += (uint)(milliseconds * 8);
        var start = link.Frames.Count;
        Talk(link, 100);

        Assert.That(link.Receiver.ConcealedAudio, Is.EqualTo(TimeSpan.Zero));
        Assert.That(link.Receiver.PacketsDiscarded, Is.Zero);
        Assert.That(link.Frames[start..(start + 3)].Any(frame => frame.Pcm.AsSpan().IndexOfAnyExcept((short)0) >= 0), Is.True, "at once");
        Assert.That(link.Receiver.Delay.TotalMilliseconds, Is.LessThan(25));
    }

    // Phones that begin a new clock when a call is taken off hold.
    [Test]
    public void ClockThatJumpsDuringAHold_CostsNoDelayAfterIt(
        [Values(1000, 1500, 35_000)] int hold, [Values(-3_600_000, 0, 1000, 10_000, 2_400_000, 3_600_000)] int jump)
    {
        using var link = new Link(Options.Formats[0]);
        Talk(link, 150);
        link.Read(hold / 20);
        link.Timestamp += unchecked((uint)((hold + jump) * 8));
        var start = link.Frames.Count;
        Talk(link, 5);
        Assert.That(link.Frames[start..(start + 3)].Any(frame => frame.Pcm.AsSpan().IndexOfAnyExcept((short)0) >= 0), Is.True, "at once");
        Assert.That(link.Receiver.Delay.TotalMilliseconds, Is.LessThan(25));
        Talk(link, 250);
        Assert.That(link.Receiver.Delay.TotalMilliseconds, Is.LessThan(25), "and later");
    }

    [Test]
    public void ComfortNoise_SoundsAtTheLevelThatWasTold_UntilTheVoiceIsBack()
    {
        using var link = new Link(Options);
        Talk(link, 100);
        Assert.That(link.Packet(13, [40, 127, 127]), Is.EqualTo(RtpArrival.Accepted));
        link.Sequence++;
        link.Read(150); // 3 s
        link.Timestamp += 150 * 160;

        var noise = link.Frames[^100..].SelectMany(frame => frame.Pcm).ToArray();
        Assert.That(Tone.Db(Tone.Rms(noise) / 32768), Is.EqualTo(-40).Within(2));
        Assert.That(link.Receiver.ConcealedAudio, Is.EqualTo(TimeSpan.Zero));

        Talk(link, 50);
        Assert.That(Tone.Measure(link.Heard.AsSpan(^4000), 400, 8000).Amplitude, Is.EqualTo(8000).Within(200));
    }

    [Test]
    public void ComfortNoise_OfAnotherSource_IsForgotten()
    {
        using var link = new Link(Options);
        Talk(link, 100);
        link.Packet(13, [30]);
        link.Sequence++;
        link.Read(100);
        link.Ssrc++;
        Talk(link, 50);
        link.Read(100);

        Assert.That(link.Frames[^1].Pcm, Is.All.Zero);
    }

    [Test]
    public void VoiceSwitchedOffInItsMiddle_MakesNoClick()
    {
        using var link = new Link(Options);
        Talk(link, 100);
        link.Packet(13, [127]);
        link.Sequence++;
        link.Read(5);

        var heard = link.Heard.AsSpan(1600);
        var steepest = 0;
        for (var i = 1; i < heard.Length; i++)
            steepest = Math.Max(steepest, Math.Abs(heard[i] - heard[i - 1]));
        Assert.That(steepest, Is.LessThan(1.2 * 8000 * 2 * Math.PI * 400 / 8000));
    }

    private static void Talk(Link link, int frames)
    {
        for (var i = 0; i < frames; i++)
        {
            link.Audio(Tone.Make(400, 8000, 160, 8000, i * 160));
            link.Read();
        }
    }
}
