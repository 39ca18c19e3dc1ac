using System.Reflection;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Concentus;

namespace Atm0s.Sip.Media.Tests.Codecs.Opus;

[TestFixture]
public class ConcentusOpusCodecProviderTests
{
    [Test]
    public void Adapter_Reference_IsTheIdentityOfConcentus222()
    {
        var reference = typeof(ConcentusOpusCodecProvider).Assembly.GetReferencedAssemblies().Single(a => a.Name == "Concentus");

        Assert.That(reference.Version, Is.EqualTo(new Version(2, 2, 2, 0)));
        Assert.That(Convert.ToHexString(reference.GetPublicKeyToken()!), Is.EqualTo("2F7FB9B49FFDFE20"));
    }

    [Test]
    public void Provider_ReferenceOnlyConcentus_DoesNotLoadAndSaysSo()
    {
        if (Assembly.Load("Concentus").GetType("Concentus.ReferenceOnly") is null) Assert.Ignore("The real Concentus is here.");
        var provider = new ConcentusOpusCodecProvider();

        Assert.That((provider.IsAvailable, provider.Version), Is.EqualTo((false, (string?)null)));
        Assert.That(provider.Status, Does.Contain("reference-only"));
        Assert.That(provider.CreateDecoder, Throws.InvalidOperationException);
        Assert.That(() => provider.CreateEncoder(new OpusEncoderOptions()), Throws.InvalidOperationException);
        Assert.That(() => new OpusCodec(provider), Throws.InvalidOperationException);
    }
}
