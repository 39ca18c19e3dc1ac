using Atm0s.Sip.Media.Srtp;

namespace Atm0s.Sip.Media.Tests.Srtp;

/// <summary>RFC 3711 appendix B.3, RFC 6188 §7.2.</summary>
public sealed class KeyDerivationTests
{
    private const string Key128 = "E1F97A0D3E018BE0D64FA32C06DE4139";
    private const string Salt128 = "0EC675AD498AFEEBB6960B3AABE6";
    private const string Key256 = "f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6";
    private const string Salt256 = "3b04803de51ee7c96423ab5b78d2";

    [TestCase(Key128, Salt128, 0, "C61E7A93744F39EE10734AFE3FF7A087")]
    [TestCase(Key128, Salt128, 2, "30CBBC08863D8C85D49DB34A9AE1")]
    [TestCase(
        Key128, Salt128, 1,
        "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA48F0A0ACF3C34E2359E6CDBCEE049646C43D9327AD175578EF7227098"
        + "6371C10C9A369AC2F94A8C5FBCDDDC256D6E919A48B610EF17C2041E474035766B68642C59BBFC2F34DB60DBDFB2")]
    [TestCase(Key256, Salt256, 0, "5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4")]
    [TestCase(Key256, Salt256, 2, "fa31791685ca444a9e07c6c64e93")]
    [TestCase(Key256, Salt256, 1, "fd9c32d39ed5fbb5a9dc96b30818454d1313dc05")]
    public void Derive_VectorsOfTheRfcs_AreMet(string key, string salt, int label, string expected)
    {
        var derived = new byte[expected.Length / 2];
        SrtpKeyDerivation.Derive(Convert.FromHexString(key), Convert.FromHexString(salt), (SrtpLabel)label, derived);
        Assert.That(Convert.ToHexString(derived), Is.EqualTo(expected).IgnoreCase);
    }

    [Test]
    public void ToString_ShowsNoKey() =>
        Assert.That(
            new SrtpKey(SrtpSuite.AesCm128HmacSha1Tag80, new byte[16], new byte[14]).ToString(),
            Is.EqualTo("key of AES_CM_128_HMAC_SHA1_80"));
}
