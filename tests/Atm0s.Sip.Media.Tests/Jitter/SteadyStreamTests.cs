using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Media.Tests.Jitter;

/// <summary>Networks without fault: there must be next to no delay, and nothing made up.</summary>
public sealed class SteadyStreamTests
{
    private static readonly short[] Voice = Tone.MakeVoice(8000, 160_000, syllables: true);

    /// <summary>Half a frame is the wait for the tick, which can't be helped. Twenty phases of the sender against it.</summary>
    [Test]
    public void CleanLine_AddsHalfAFrame([Values(20, 40, 60)] int packetTime, [Values(0, 0.3)] double jitter, [Values] bool isRounded)
    {
        var delays = new List<double>();
        for (var phase = 0.5; phase < 20; phase++)
        {
            using var player = new TracePlayer(Voice, packetTime) { IsRounded = isRounded };
            player.Play(Traces.Drift(0, jitter, 60, phase, packetTime));
            var allowed = jitter > 0 && isRounded ? 20 : 0;
            Assert.That(player.Figures.Concealed.TotalMilliseconds, Is.LessThanOrEqualTo(allowed), $"phase {phase}");
            delays.Add(player.Delays[^1] - 3);
        }

        delays.Sort();
        Assert.That(delays[10], Is.LessThanOrEqualTo(13));
        Assert.That(delays[^1], Is.LessThanOrEqualTo(24));
    }

    /// <summary>Packets whose length is no multiple of a frame wait for half a frame more: they are needed at either end of it.</summary>
    [Test]
    public void PacketsAcrossFrames_AddLittleMore([Values(10, 30)] int packetTime, [Values(0, 0.3)] double jitter)
    {
        var delays = new List<double>();
        for (var phase = 0.5; phase < 20; phase++)
        {
            using var player = new TracePlayer(Voice, packetTime);
            player.Play(Traces.Drift(0, jitter, 60, phase, packetTime));
            Assert.That(player.Figures.Concealed, Is.EqualTo(TimeSpan.Zero), $"phase {phase}");
            delays.Add(player.Delays[^1] - 3);
        }

        delays.Sort();
        Assert.That(delays[10], Is.LessThanOrEqualTo(18));
        Assert.That(delays[^1], Is.LessThanOrEqualTo(24));
    }

    [TestCase(+300, 0.0), TestCase(-300, 0.0), TestCase(+300, 0.3), TestCase(-300, 0.3), TestCase(+100, 1.0), TestCase(-300, 1.0)]
    public void ClocksThatDriftForHalfAnHour_CostNothing(int partsPerMillion, double jitter)
    {
        var heard = new List<float>(8000 * 1800);
        using var player = new TracePlayer(Tone.Make(400, 8000, 160_160, 8000))
        {
            Heard = (_, frame) =>
            {
                foreach (var sample in frame)
                    heard.Add(sample / 32768f);
            },
        };

        var result = player.Play(Traces.Drift(partsPerMillion, jitter, 1800));

        var bad = 0;
        for (var start = 800; start + 800 <= heard.Count; start += 800)
        {
            if (new WavFile(8000, [.. heard.GetRange(start, 800)]).Measure(400).Snr < 20)
                bad++;
        }

        TestContext.Out.WriteLine($"{result}, {bad} blocks below 20 dB, delay {player.Delays.Min():F1} to {player.Delays.Max():F1} ms");
        Assert.That(player.Figures.Concealed.TotalMilliseconds, Is.LessThanOrEqualTo(jitter < 1 ? 0 : 40));
        Assert.That(bad, Is.LessThanOrEqualTo(2));
        Assert.That(player.Delays.Max(), Is.LessThan(45));
    }

    /// <summary>Ours are late now and then: what came meanwhile waits, and is caught up with.</summary>
    [Test]
    public void TicksThatWereLeftOut_AreMadeUpFor()
    {
        using var link = new Link(new RtpFormat(8, PcmaCodec.Instance));
        for (var i = 0; i < 500; i++)
        {
            link.Audio(Voice.AsSpan(i * 160, 160));
            if (i is not (>= 100 and < 110))
                link.Read();
        }

        Assert.That(link.Receiver.ConcealedAudio, Is.EqualTo(TimeSpan.Zero));
        Assert.That(link.Receiver.PacketsDiscarded, Is.Zero);
    }
}
