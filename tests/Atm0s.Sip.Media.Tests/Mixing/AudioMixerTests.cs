using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Media.Tests.Mixing;

public sealed class AudioMixerTests
{
    [Test]
    public void SumLessOwn_IsTheOthers([Values(1, 7, 16, 160, 333, 960)] int length)
    {
        var random = new Random(length);
        var frames = Enumerable.Range(0, 4)
            .Select(_ => Enumerable.Range(0, length).Select(_ => (short)random.Next(-32768, 32768)).ToArray()).ToArray();
        var sum = new int[length];
        foreach (var frame in frames)
            AudioMixer.Add(sum, frame);
        Assert.That(sum, Is.EqualTo(Sum(frames)));
        foreach (var own in frames)
        {
            var others = new int[length];
            AudioMixer.Subtract(sum, own, others);
            Assert.That(others, Is.EqualTo(Sum([.. frames.Where(f => f != own)])));
        }

        int[] Sum(short[][] parts) => [.. Enumerable.Range(0, length).Select(i => parts.Sum(p => p[i]))];
    }
}
