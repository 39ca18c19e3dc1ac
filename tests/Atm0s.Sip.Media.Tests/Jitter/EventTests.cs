using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Tests.Jitter;

/// <summary>Keys in several payload types, each with its own clock: told once, whatever the packets do.</summary>
public sealed class EventTests
{
    private Link _link = null!;

    [SetUp]
    public void SetUp() => _link = new Link(new RtpReceiverOptions
    {
        Formats = [new RtpFormat(8, PcmaCodec.Instance)],
        Events = [new RtpEventFormat(101, 48_000), new RtpEventFormat(102, 8000)],
    });

    [TearDown]
    public void TearDown() => _link.Dispose();

    [Test]
    public void EachFormat_CountsInItsOwnClock()
    {
        Press(101, 5, 100, 48, 1000);
        Press(102, 6, 100, 8, 90_000);

        Assert.That(_link.Keys.Select(key => key.Digit), Is.EqualTo("56"));
        Assert.That(_link.Keys.Select(key => key.Duration.TotalMilliseconds), Is.EqualTo(new[] { 100, 100 }));
    }

    [Test]
    public void OneKeyInBothFormats_IsToldOnce()
    {
        for (var i = 1; i <= 5; i++)
        {
            _link.Event(101, 7, i * 960, i == 5, 4000);
            _link.Event(102, 7, i * 160, i == 5, 4000);
            _link.Read();
        }

        _link.Event(102, 7, 800, true, 4000);
        _link.Read(20);

        Assert.That(_link.Keys, Has.Count.EqualTo(1));
    }

    [Test]
    public void KeyHeldFor15SecondsWithAHole_IsToldOnce()
    {
        for (var i = 1; i <= 750; i++)
        {
            // Nothing for 120 ms, soon after the start.
            if (i is < 20 or > 26)
                _link.Event(102, 3, Math.Min(i * 160, 65_535), false, 4000);
            else
                _link.Sequence++;
            _link.Read();
        }

        _link.Event(102, 3, 65_535, true, 4000);
        _link.Read(20);

        Assert.That(_link.Keys, Has.Count.EqualTo(1));
    }

    [Test]
    public void KeyAmongSpeech_IsNoLoss()
    {
        for (var i = 0; i < 200; i++)
        {
            if (i is >= 100 and < 110)
            {
                _link.Event(102, 1, (i - 99) * 160, i == 109, 7777);
                _link.Timestamp += 160;
            }
            else
            {
                _link.Audio(Tone.Make(400, 8000, 160, 8000, i * 160));
            }

            _link.Read();
        }

        Assert.That(_link.Keys, Has.Count.EqualTo(1));
        Assert.That(_link.Receiver.ConcealedAudio, Is.EqualTo(TimeSpan.Zero));
        Assert.That(_link.Receiver.PacketsDiscarded, Is.Zero);
    }

    private void Press(byte type, byte code, int milliseconds, int perMillisecond, uint timestamp)
    {
        for (var at = 20; at <= milliseconds; at += 20)
        {
            _link.Event(type, code, at * perMillisecond, at == milliseconds, timestamp);
            _link.Read();
        }

        _link.Event(type, code, milliseconds * perMillisecond, true, timestamp);
        _link.Read();
    }
}
