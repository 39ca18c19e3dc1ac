using Atm0s.Sip.Media.ComfortNoise;

namespace Atm0s.Sip.Media.Tests.ComfortNoise;

[TestFixture]
public class DiscontinuousTransmissionTests
{
    private const int Frame = 160;

    [Test]
    public void Process_PauseInSpeech_IsDescribedAtItsStartAndOnceASecond()
    {
        var verdicts = Run([.. Tone.MakeVoice(8000, 8000), .. Noise.Make(24_000, -62), .. Tone.MakeVoice(8000, 1600)]);

        Assert.That(verdicts[..50], Is.All.EqualTo(DtxVerdict.Audio));
        Assert.That(verdicts[50..59], Is.All.EqualTo(DtxVerdict.Audio), "200 ms of hangover");
        var first = Array.FindIndex(verdicts, v => v != DtxVerdict.Audio);
        Assert.That((first, verdicts[first]), Is.EqualTo((59, DtxVerdict.Description)).Or.EqualTo((60, DtxVerdict.Description)));
        Assert.That(verdicts[(first + 1)..200].Count(v => v == DtxVerdict.Description), Is.InRange(2, 4));
        Assert.That(verdicts[(first + 1)..200], Has.None.EqualTo(DtxVerdict.Audio));
        Assert.That(verdicts[200..], Is.All.EqualTo(DtxVerdict.Audio));
    }

    [Test]
    public void Process_NoiseThatFalls_IsDescribedAgain()
    {
        var verdicts = Run([.. Noise.Make(24_000, -55), .. Noise.Make(8000, -66)]);

        var again = Array.IndexOf(verdicts, DtxVerdict.Description, 150);
        Assert.That(again, Is.InRange(151, 158));
    }

    [Test]
    public void Process_Warm_AllocatesNothing()
    {
        var dtx = new DiscontinuousTransmission(8000);
        var noise = Noise.Make(Frame, -62);
        var sid = new byte[11];

        Assert.That(AllocationMeter.Measure(() => dtx.Process(noise, sid, out _)), Is.Zero);
    }

    private static DtxVerdict[] Run(short[] pcm)
    {
        var dtx = new DiscontinuousTransmission(8000);
        var sid = new byte[ComfortNoiseEncoder.MaxLength];
        return [.. pcm.Chunk(Frame).Select(frame =>
        {
            var verdict = dtx.Process(frame, sid, out var length);
            Assert.That(length > 0, Is.EqualTo(verdict == DtxVerdict.Description));
            return verdict;
        })];
    }
}
