using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Media.Tests.Jitter;

/// <summary>What is heard of a stream that the network has treated badly.</summary>
public sealed class ReceiverTests
{
    private Stream _stream = null!;

    [SetUp]
    public void SetUp() => _stream = new Stream();

    [TearDown]
    public void TearDown() => _stream.Dispose();

    [Test]
    public void SmoothStream_IsHeardWithoutAGlitch_AndLittleDelay()
    {
        for (var i = 0; i < 250; i++)
        {
            _stream.Send(3);
            _stream.Read();
        }

        var heard = _stream.Heard.Body(TimeSpan.FromMilliseconds(100));
        Assert.That(heard.Measure(440).Snr, Is.GreaterThan(33));
        Assert.That(_stream.Receiver.Delay, Is.LessThanOrEqualTo(TimeSpan.FromMilliseconds(40)));
        Assert.That(_stream.Receiver.Statistics.Lost, Is.Zero);
        Assert.That(_stream.Receiver.ConcealedAudio, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void SwappedPackets_ArePutInOrder()
    {
        for (var i = 0; i < 250; i++)
        {
            _stream.Send(i % 10 == 5 ? 25 : 3);
            _stream.Read();
        }

        // After the buffer has learnt how late they may be, none is missed any more.
        Assert.That(_stream.Heard.End(TimeSpan.FromSeconds(2)).Measure(440).Snr, Is.GreaterThan(30));
        Assert.That(_stream.Receiver.Statistics.Lost, Is.Zero);
    }

    [Test]
    public void LostPackets_AreConcealed_AndCounted()
    {
        for (var i = 0; i < 500; i++)
        {
            if (i % 20 == 19)
                _stream.Lose();
            else
                _stream.Send(3);
            _stream.Read();
        }

        Assert.That(_stream.Receiver.Statistics.Lost, Is.EqualTo(24).Within(1));
        Assert.That(_stream.Receiver.ConcealedAudio.TotalMilliseconds, Is.EqualTo(24 * 20).Within(20));
        Assert.That(_stream.Frames.Silent, Is.LessThan(5), "no hole");
        Assert.That(_stream.Heard.Body(TimeSpan.FromMilliseconds(100)).Measure(440).Snr, Is.GreaterThan(10));
    }

    [Test]
    public void JitteryStream_IsHeardWithoutHoles()
    {
        var random = new Random(3);
        for (var i = 0; i < 1000; i++)
        {
            _stream.Send(5 + (random.NextDouble() * 60));
            _stream.Read();
        }

        Assert.That(_stream.Heard.End(TimeSpan.FromSeconds(10)).Measure(440).Snr, Is.GreaterThan(15));
        Assert.That(_stream.Receiver.Delay, Is.InRange(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(150)));
    }

    [TestCase(+300), TestCase(-300)]
    public void ClocksThatDrift_NeitherFillNorEmptyTheBuffer(int partsPerMillion)
    {
        // Ten minutes: the sender's 20 ms are a little shorter or longer than ours.
        var sent = TimeSpan.Zero;
        var step = TimeSpan.FromMilliseconds(20 * (1 + (partsPerMillion / 1e6)));
        var worst = TimeSpan.Zero;
        for (var i = 0; i < 30_000; i++)
        {
            while (sent <= _stream.Now + TimeSpan.FromMilliseconds(20))
            {
                _stream.Send(3, at: sent);
                sent += step;
            }

            _stream.Read();
            if (i > 100 && _stream.Receiver.Delay > worst)
                worst = _stream.Receiver.Delay;
        }

        Assert.That(worst, Is.LessThan(TimeSpan.FromMilliseconds(80)));
        Assert.That(_stream.Frames.Silent, Is.LessThan(10));
    }

    [Test]
    public void NewSource_IsTakenAfterTwoPackets_ButAStrayChangesNothing()
    {
        Talk(50);
        var stray = new byte[172];
        RtpHeader.Write(stray, 8, false, 9, 9, 4711);
        Assert.That(_stream.Receiver.OnPacket(stray, _stream.Now), Is.EqualTo(RtpArrival.NewSource));
        Talk(5);
        Assert.That(_stream.Receiver.Ssrc, Is.EqualTo(77));

        _stream.Ssrc = 78;
        _stream.Hz = 880;
        Talk(100);
        Assert.That(_stream.Receiver.Ssrc, Is.EqualTo(78));
        Assert.That(_stream.Heard.End(TimeSpan.FromSeconds(1)).StrongestFrequency(), Is.EqualTo(880).Within(1));
    }

    [Test]
    public void TimestampThatJumps_AndSequenceThatStartsAnew_AreFollowed([Values] bool sequenceToo)
    {
        Talk(50);
        _stream.JumpTimestamp(3_000_000_000);
        if (sequenceToo)
            _stream.Restart(20_000);
        Talk(100);
        Assert.That(_stream.Heard.End(TimeSpan.FromSeconds(1)).Measure(440).Snr, Is.GreaterThan(25));
    }

    [Test]
    public void Stall_IsNotCarriedOnAsDelay()
    {
        Talk(50);
        for (var i = 0; i < 50; i++)
            _stream.Send(1000 - (i * 20) + 3, at: _stream.Now + TimeSpan.FromMilliseconds(i * 20));
        for (var i = 0; i < 50; i++)
            _stream.Read();
        Talk(1000);
        Assert.That(_stream.Receiver.Delay, Is.LessThan(TimeSpan.FromMilliseconds(80)), "20 s later it is forgotten");
        Assert.That(_stream.Heard.End(TimeSpan.FromSeconds(1)).Measure(440).Snr, Is.GreaterThan(20));
    }

    [Test]
    public void SilenceOfTheNetwork_BecomesSilence()
    {
        Talk(50);
        for (var i = 0; i < 30; i++)
            _stream.Read();
        Assert.That(_stream.Read(), Is.False);
        Talk(50);
        Assert.That(_stream.Heard.End(TimeSpan.FromMilliseconds(500)).Measure(440).Snr, Is.GreaterThan(30));
    }

    [TestCase(10), TestCase(30), TestCase(40), TestCase(60)]
    public void PacketsOfOtherLengths_AreCutIntoFrames(int milliseconds)
    {
        var sent = TimeSpan.Zero;
        for (var i = 0; i < 300; i++)
        {
            while (sent <= _stream.Now + TimeSpan.FromMilliseconds(20))
            {
                _stream.Send(3, milliseconds * 8, sent);
                sent += TimeSpan.FromMilliseconds(milliseconds);
            }

            _stream.Read();
        }

        Assert.That(_stream.Heard.End(TimeSpan.FromSeconds(4)).Measure(440).Snr, Is.GreaterThan(30));
    }

    [Test]
    public void Key_IsToldOnce_ThoughItsEndComesThreeTimes()
    {
        Talk(10);
        var events = new List<DtmfEvent>();
        for (var i = 1; i <= 8; i++)
        {
            var packet = new byte[16];
            RtpHeader.Write(packet, 101, i == 1, (ushort)(30_000 + i), 777, _stream.Ssrc);
            packet[12] = 5;
            packet[13] = (byte)(10 | (i > 5 ? 0x80 : 0));
            var duration = (ushort)(160 * Math.Min(i, 6));
            (packet[14], packet[15]) = ((byte)(duration >> 8), (byte)duration);
            if (i == 1)
                _stream.Restart(30_001);
            _stream.Receiver.OnPacket(packet, _stream.Now);
            _stream.Read();
            while (_stream.Receiver.TryReadEvent(out var e))
                events.Add(e);
        }

        Assert.That(events, Has.Count.EqualTo(1));
        Assert.That(events[0], Has.Property("Digit").EqualTo('5').And.Property("Duration").EqualTo(TimeSpan.FromMilliseconds(120)));
    }

    [Test]
    public void Junk_NeverThrows()
    {
        var random = new Random(5);
        var bytes = new byte[400];
        var frame = new short[160];
        for (var i = 0; i < 100_000; i++)
        {
            random.NextBytes(bytes);
            bytes[0] = (byte)(i % 3 == 0 ? bytes[0] : 0x80 | (bytes[0] & 0x3F));
            if (i % 2 == 0)
                bytes[1] = (byte)(i % 4 == 0 ? 8 : 101);
            _stream.Receiver.OnPacket(bytes.AsSpan(0, random.Next(bytes.Length)), TimeSpan.FromMilliseconds(i));
            if (i % 20 == 0)
                _stream.Receiver.ReadFrame(frame, TimeSpan.FromMilliseconds(i));
        }

        Assert.Pass();
    }

    private void Talk(int frames)
    {
        for (var i = 0; i < frames; i++)
        {
            _stream.Send(3);
            _stream.Read();
        }
    }
}
