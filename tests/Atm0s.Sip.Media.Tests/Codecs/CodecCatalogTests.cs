using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.G711;

namespace Atm0s.Sip.Media.Tests.Codecs;

[TestFixture]
public class CodecCatalogTests
{
    [Test]
    public void Catalog_Enumerated_KeepsTheOrderOfPreference()
    {
        var catalog = new CodecCatalog(PcmuCodec.Instance, PcmaCodec.Instance);

        Assert.That(catalog, Is.EqualTo(new IAudioCodec[] { PcmuCodec.Instance, PcmaCodec.Instance }));
        Assert.That((catalog.Count, catalog[1]), Is.EqualTo((2, (IAudioCodec)PcmaCodec.Instance)));
    }

    [Test]
    [Property("rfc", "8866-6.6")]
    public void Find_NameInAnyCase_FindsTheCodec()
    {
        Assert.That(CodecCatalog.G711.Find("pcma"), Is.SameAs(PcmaCodec.Instance));
        Assert.That(CodecCatalog.G711.Find("PcmU", 8000), Is.SameAs(PcmuCodec.Instance));
        Assert.That(CodecCatalog.G711.Find("PCMU", 16000), Is.Null);
        Assert.That(CodecCatalog.G711.Find("PCMU", 8000, 2), Is.Null);
        Assert.That(CodecCatalog.G711.Find("GSM"), Is.Null);
    }

    [Test]
    [Property("rfc", "3551-6")]
    public void FindStatic_PayloadType_FindsTheCodec()
    {
        Assert.That(CodecCatalog.G711.FindStatic(0), Is.SameAs(PcmuCodec.Instance));
        Assert.That(CodecCatalog.G711.FindStatic(8), Is.SameAs(PcmaCodec.Instance));
        Assert.That(CodecCatalog.G711.FindStatic(9), Is.Null);
        Assert.That(CodecCatalog.G711.FindStatic(-1), Is.Null);
    }

    [Test]
    public void Catalog_EmptyOrTwice_IsRefused()
    {
        Assert.That(() => new CodecCatalog(), Throws.ArgumentException);
        Assert.That(() => new CodecCatalog(PcmaCodec.Instance, PcmaCodec.Instance), Throws.ArgumentException);
    }
}
