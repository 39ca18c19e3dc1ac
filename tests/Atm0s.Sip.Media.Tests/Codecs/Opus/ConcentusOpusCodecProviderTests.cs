using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Concentus;

namespace Atm0s.Sip.Media.Tests.Codecs.Opus;

[TestFixture]
public class ConcentusOpusCodecProviderTests
{
    [Test]
    public void Provider_Package_LoadsEverywhere()
    {
        var provider = new ConcentusOpusCodecProvider();

        Assert.That(provider.IsAvailable, Is.True, provider.Status);
        Assert.That(provider.Version, Does.Contain("Concentus"));
    }

    [Test]
    public void Caution_ManagedCode_TellsWhatItCosts()
    {
        IOpusCodecProvider provider = new ConcentusOpusCodecProvider();

        Assert.That(provider.Caution, Does.Contain("twice").And.Contain("125 kB").And.Contain("libopus0"));
        Assert.That(((IOpusCodecProvider)LibOpusCodecProvider.Instance).Caution, Is.Null);
    }

    [Test]
    public async Task WarmUp_ManagedCode_IsDoneOnceInAProcess()
    {
        IOpusCodecProvider provider = new ConcentusOpusCodecProvider();
        await provider.WarmUpAsync(CancellationToken.None);

        Assert.That(new ConcentusOpusCodecProvider().WarmUpAsync(CancellationToken.None).IsCompletedSuccessfully, Is.True);
        Assert.That(
            ((IOpusCodecProvider)LibOpusCodecProvider.Instance).WarmUpAsync(CancellationToken.None).IsCompletedSuccessfully, Is.True);
    }
}
