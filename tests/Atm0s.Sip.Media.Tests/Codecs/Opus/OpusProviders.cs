using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Concentus;

namespace Atm0s.Sip.Media.Tests.Codecs.Opus;

/// <summary>Every provider there is. The contract runs on each one that loads; for the others it says that they do not.</summary>
internal static class OpusProviders
{
    public static IEnumerable<TestFixtureData> All()
    {
        yield return new TestFixtureData(LibOpusCodecProvider.Instance).SetArgDisplayNames("libopus");
        yield return new TestFixtureData(new ConcentusOpusCodecProvider()).SetArgDisplayNames("Concentus");
    }
}
