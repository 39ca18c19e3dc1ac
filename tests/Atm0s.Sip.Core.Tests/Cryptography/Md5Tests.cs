using System.Security.Cryptography;
using System.Text;
using Atm0s.Sip.Core.Cryptography;

namespace Atm0s.Sip.Core.Tests.Cryptography;

[TestFixture]
[Property("rfc", "1321 A.5")]
public class Md5Tests
{
    [TestCase("", "d41d8cd98f00b204e9800998ecf8427e")]
    [TestCase("a", "0cc175b9c0f1b6a831c399e269772661")]
    [TestCase("abc", "900150983cd24fb0d6963f7d28e17f72")]
    [TestCase("message digest", "f96b697d7cb7938d525a2f31aaf161d0")]
    [TestCase("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b")]
    [TestCase("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f")]
    [TestCase(
        "12345678901234567890123456789012345678901234567890123456789012345678901234567890", "57edf4a22be3c955ac49da2e2107b67a")]
    public void Hash_EqualsTheVector(string text, string hash)
    {
        Span<byte> made = stackalloc byte[Md5.HashSize];
        Md5.Hash(Encoding.ASCII.GetBytes(text), made);
        Assert.That(Convert.ToHexStringLower(made), Is.EqualTo(hash));
    }

    [Test]
    public void Hash_OfEveryLengthAroundABlock_IsThatOfTheFramework()
    {
        var data = new byte[400];
        new Random(3).NextBytes(data);
        Span<byte> made = stackalloc byte[Md5.HashSize];
        for (var length = 0; length <= data.Length; length++)
        {
            Md5.Hash(data.AsSpan(0, length), made);
#pragma warning disable CA5351 // It is what is compared with.
            Assert.That(made.ToArray(), Is.EqualTo(MD5.HashData(data.AsSpan(0, length))), $"{length} bytes");
#pragma warning restore CA5351
        }
    }
}
