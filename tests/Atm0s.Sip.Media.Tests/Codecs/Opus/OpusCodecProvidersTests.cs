using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.Opus;

namespace Atm0s.Sip.Media.Tests.Codecs.Opus;

[TestFixture]
public class OpusCodecProvidersTests
{
    [Test]
    public void FirstAvailable_FirstDoesNotLoad_TakesTheNextAndSaysWhy()
    {
        var taken = new Fake("two", "two 2.0");

        var choice = OpusCodecProviders.FirstAvailable(new Fake("one", null), taken, new Fake("three", "three 3.0"));

        Assert.That(choice.Provider, Is.SameAs(taken));
        Assert.That(choice.Explanation, Is.EqualTo("Opus by two 2.0 from a file. Not taken: one: nothing found."));
    }

    [Test]
    public void FirstAvailable_NoneLoads_ExplainsThatOpusIsNotOffered()
    {
        var choice = OpusCodecProviders.FirstAvailable(new Fake("one", null), new Fake("two", null));

        Assert.That(choice.Provider, Is.Null);
        Assert.That(choice.Explanation, Is.EqualTo("Opus is not offered: one: nothing found. two: nothing found."));
        Assert.That(OpusCodecProviders.FirstAvailable().Explanation, Does.StartWith("Opus is not offered"));
    }

    private sealed class Fake(string name, string? version) : IOpusCodecProvider
    {
        public string Name => name;

        public string? Version => version;

        public bool IsAvailable => version is not null;

        public string Status => version is null ? "nothing found." : $"{version} from a file.";

        public IAudioEncoder CreateEncoder(OpusEncoderOptions options) => throw new InvalidOperationException();

        public IAudioDecoder CreateDecoder() => throw new InvalidOperationException();
    }
}
