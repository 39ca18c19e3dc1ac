using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Core.Tests.Sdp;

/// <summary>The line a=crypto (RFC 4568 §9).</summary>
public sealed class CryptoAttributeTests
{
    private const string Key = "WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz"; // of the example in RFC 4568 §4

    [TestCase("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|2^20|1:4 FEC_ORDER=FEC_SRTP", false)]
    [TestCase("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|2^20|1:4", true)]
    [TestCase("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|2^20", true)]
    [TestCase("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|1:4", true)]
    [TestCase("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|1048576", true)]
    [TestCase("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|1048575", false, Description = "new keys within six hours")]
    [TestCase("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|2^16|1:4", false)]
    [TestCase("1  AES_CM_128_HMAC_SHA1_80\tinline:" + Key, true)]
    [TestCase("1 AES_CM_128_HMAC_SHA1_80 INLINE:" + Key, true)]
    [TestCase("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + " WSH=128 KDR=0 -ours=1", true)]
    [TestCase("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + " KDR=1", false)]
    [TestCase("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + " UNENCRYPTED_SRTP", false)]
    [TestCase("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + " UNENCRYPTED_SRTCP", false)]
    [TestCase("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + " UNAUTHENTICATED_SRTP", false)]
    [TestCase("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + " whatever", false)]
    [TestCase("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|1:4;inline:" + Key + "|2:4", false)]
    [TestCase("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|2^49", false)]
    [TestCase("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|0", false)]
    [TestCase("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|1:0", false)]
    [TestCase("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|256:1", false)]
    [TestCase("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|1:129", false)]
    [TestCase("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|1:4|2^20", false)]
    [TestCase("1 AES_CM_128_HMAC_SHA1_80 inline:*", false)]
    [TestCase("1 AES_CM_128_HMAC_SHA1_80 inline:", false)]
    [TestCase("1 AES_CM_128_HMAC_SHA1_80 uri:https", false)]
    [TestCase("1 AES_CM_128_HMAC_SHA1_80", false)]
    [TestCase("-1 AES_CM_128_HMAC_SHA1_80 inline:" + Key, false)]
    [TestCase("1234567890 AES_CM_128_HMAC_SHA1_80 inline:" + Key, false)]
    [TestCase("1 AES-CM inline:" + Key, false)]
    [TestCase("", false)]
    public void TryParse_TakesWhatIsDoneHere(string value, bool isTaken) =>
        Assert.That(CryptoAttribute.TryParse(value, out _), Is.EqualTo(isTaken));

    [Test]
    public void TryParse_ReadsAllParts()
    {
        Assert.That(CryptoAttribute.TryParse("7 AES_CM_128_HMAC_SHA1_32 inline:" + Key + "|2^31|66051:4", out var crypto), Is.True);
        Assert.That((crypto!.Tag, crypto.Suite, crypto.Lifetime), Is.EqualTo((7, "AES_CM_128_HMAC_SHA1_32", 1L << 31)));
        Assert.That(crypto.KeyAndSalt.ToArray(), Is.EqualTo(Convert.FromBase64String(Key)));
        Assert.That(crypto.Identifier.ToArray(), Is.EqualTo(new byte[] { 0, 1, 2, 3 }));
    }

    [TestCase("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key)]
    [TestCase("1 AES_CM_128_HMAC_SHA1_80 inline:" + Key + "|66051:4")]
    public void ToValue_IsReadBack(string value)
    {
        Assert.That(CryptoAttribute.TryParse(value, out var crypto), Is.True);
        Assert.That(crypto!.ToValue(), Is.EqualTo(value));
        Assert.That(crypto.ToString(), Does.Not.Contain(Key));
    }

    [Test]
    public void TryParse_RandomText_NeverThrows()
    {
        var random = new Random(1);
        const string Pieces = "1 2^|:;=-inlineAES_CM_128_HMAC_SHA1_80WSHKDRabc+/\t";
        for (var i = 0; i < 100_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            _ = CryptoAttribute.TryParse("1 AES_CM_128_HMAC_SHA1_80 inline:" + (random.Next(2) == 0 ? Key : "") + text, out _);
            _ = CryptoAttribute.TryParse(text, out _);
        }
    }
}
