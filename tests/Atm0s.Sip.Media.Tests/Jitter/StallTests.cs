using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Media.Tests.Jitter;

/// <summary>Nothing comes for a while, then everything at once.</summary>
public sealed class StallTests
{
    private static readonly short[] Voice = Tone.MakeVoice(8000, 160_000, syllables: true);

    [Test]
    public void Backlog_IsPlayed_AndEatenByShortening()
    {
        using var player = new TracePlayer(Voice);

        var result = player.Play(Traces.Stalls(400, 10_000));

        TestContext.Out.WriteLine(result);
        Assert.That(result.NeverPlayed, Is.LessThan(0.0007), "the 29 packets of 20 that were thrown away are played");
        Assert.That(result.Delay, Is.LessThanOrEqualTo(391));
    }

    [Test]
    public void BacklogOfOneStall_IsGoneSecondsLater_AndNoneOfItWasLost()
    {
        using var player = new TracePlayer(Voice);

        player.Play(Traces.Stalls(300, 60_000, seconds: 80)); // at 30 s

        Assert.That(player.Figures.Discarded, Is.Zero);
        Assert.That(player.Delays[(30 * 50)..(31 * 50)].Max(), Is.GreaterThan(200), "kept");
        Assert.That(player.Delays[^1], Is.LessThan(40), "and eaten");
        Assert.That(player.Figures.Removed.TotalMilliseconds, Is.GreaterThan(200));
    }

    [TestCase(60), TestCase(200)]
    public void MaximumDelay_BoundsTheBacklog(int milliseconds)
    {
        var options = new JitterBufferOptions { MaximumDelay = TimeSpan.FromMilliseconds(milliseconds) };
        using var player = new TracePlayer(Voice, options: options);

        player.Play(Traces.Stalls(400, 10_000, seconds: 60));

        Assert.That(player.Delays.Max(), Is.LessThan(milliseconds + 3 + 20 + 20 + 45));
        Assert.That(player.Figures.Discarded, Is.GreaterThan(0));
    }

    [Test]
    public void MinimumDelay_IsKept()
    {
        using var player = new TracePlayer(Voice, options: new JitterBufferOptions { MinimumDelay = TimeSpan.FromMilliseconds(100) });

        player.Play(Traces.Drift(0, 1, 60));

        Assert.That(player.Delays[^1], Is.InRange(100, 130));
        Assert.That(player.Figures.Concealed, Is.EqualTo(TimeSpan.Zero));
    }

    /// <summary>
    /// A packet that comes too late is played after what was made up for it, or not at all: in neither case with a click.
    /// </summary>
    [TestCase(25), TestCase(40), TestCase(50), TestCase(75)]
    public void PacketThatComesTooLate_MakesNoClick(int late)
    {
        var tone = Vibrato(60 * 8000);
        var steepest = Steepest(tone);
        var heard = new List<short>();
        using var player = new TracePlayer(tone) { Heard = (_, frame) => heard.AddRange(frame) };
        var trace = Traces.Drift(0, 0, 60);
        for (var i = 100; i < trace.Count; i += 211)
            trace[i] = trace[i] with { Arrival = trace[i].Arrival + late };
        trace.Sort((a, b) => a.Arrival.CompareTo(b.Arrival));

        player.Play(trace);

        Assert.That(Steepest([.. heard[800..]]), Is.LessThan(1.3 * steepest));
    }

    [Test]
    public void SenderThatStops_IsHeldOutForBriefly_AndIsNoLoss()
    {
        using var link = new Link(new RtpFormat(8, PcmaCodec.Instance));
        for (var i = 0; i < 100; i++)
        {
            link.Audio(Voice.AsSpan(i * 160, 160));
            link.Read();
        }

        var sounds = 0;
        for (var i = 0; i < 100; i++)
            sounds += link.Read() ? 1 : 0;

        Assert.That(sounds, Is.LessThanOrEqualTo(5), "no buzz");
        Assert.That(link.Receiver.ConcealedAudio, Is.EqualTo(TimeSpan.Zero));
    }

    private static short[] Vibrato(int samples)
    {
        var pcm = new short[samples];
        double phase = 0;
        for (var i = 0; i < samples; i++)
        {
            phase += 2 * Math.PI * (300 + (30 * Math.Sin(2 * Math.PI * 5 * i / 8000))) / 8000;
            pcm[i] = (short)(12_000 * Math.Sin(phase));
        }

        return pcm;
    }

    private static int Steepest(ReadOnlySpan<short> pcm)
    {
        var steepest = 0;
        for (var i = 1; i < pcm.Length; i++)
            steepest = Math.Max(steepest, Math.Abs(pcm[i] - pcm[i - 1]));
        return steepest;
    }
}
