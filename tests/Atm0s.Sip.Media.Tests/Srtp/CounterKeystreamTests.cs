using Atm0s.Sip.Media.Srtp;

namespace Atm0s.Sip.Media.Tests.Srtp;

/// <summary>RFC 3711 appendix B.2, RFC 6188 §7.1.</summary>
public sealed class CounterKeystreamTests
{
    [TestCase(
        "2B7E151628AED2A6ABF7158809CF4F3C",
        "E03EAD0935C95E80E166B16DD92B4EB4D23513162B02D0F72A43A2FE4A5F97AB41E95B3BB0A2E8DD477901E4FCA894C0",
        "EC8CDF7398607CB0F2D21675EA9EA1E4362B7C3C6773516318A077D7FC5073AE6A2CC3787889374FBEB4C81B17BA6C44")]
    [TestCase(
        "57f82fe3613fd170a85ec93c40b1f0922ec4cb0dc025b58272147cc438944a98",
        "92bdd28a93c3f52511c677d08b5515a49da71b2378a854f67050756ded165bac63c4868b7096d88421b563b8c94c9a31",
        "cea518c90fd91ced9cbb18c078a547113dbc4814f4da5f00a08772b63c6a046d6eb246913062a16891433e97dd01a57f")]
    public void Apply_VectorsOfTheRfcs_AreMet(string key, string first, string last)
    {
        using var stream = new CounterKeystream(Convert.FromHexString(key));
        var text = new byte[(0xFF01 + 1) * CounterKeystream.BlockLength];
        stream.Apply(Convert.FromHexString("F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000"), text);
        Assert.That(Convert.ToHexString(text[..48]), Is.EqualTo(first).IgnoreCase);
        Assert.That(Convert.ToHexString(text[^48..]), Is.EqualTo(last).IgnoreCase);
    }

    [Test]
    public void Apply_AnyLength_IsTheBeginningOfTheSameStream([Values(1, 15, 16, 17, 160, 255, 256, 257, 1500)] int length)
    {
        using var stream = new CounterKeystream(new byte[16]);
        var (whole, part) = (new byte[2048], new byte[length]);
        stream.Apply(new byte[16], whole);
        stream.Apply(new byte[16], part);
        Assert.That(part, Is.EqualTo(whole[..length]));
    }
}
