using System.Buffers.Binary;
using Atm0s.Sip.Media.Srtp;

namespace Atm0s.Sip.Media.Tests.Srtp;

/// <summary>RFC 7714 §16 and §17: packets of RTP and RTCP, encrypted and tagged.</summary>
public sealed class GcmTransformTests
{
    private const string Key128 = "000102030405060708090a0b0c0d0e0f";
    private const string Key256 = Key128 + "101112131415161718191a1b1c1d1e1f";
    private const string Rtp =
        "8040f17b8041f8d35501a0b247616c6c69612065737420 6f6d6e69732064697669736120696e207061727465732074726573";

    private const string Rtcp =
        "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";

    private static readonly byte[] Salt = Convert.FromHexString("517569642070726f2071756f");

    [TestCase(
        Key128,
        "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
        + "899d7f27beb16a9152cf765ee4390cce")]
    [TestCase(
        Key256,
        "8040f17b8041f8d35501a0b232b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b"
        + "7aa3db36dfffd6b0f9bb7878d7a76c13")]
    public void Rtp_VectorsOfRfc7714_AreMet(string key, string expected)
    {
        using var transform = new GcmTransform(Convert.FromHexString(key), Salt, isRtcp: false);
        var packet = Bytes(Rtp);
        var tag = new byte[16];
        var number = new PacketNumber(0x5501a0b2, 0xf17b);
        transform.Protect(packet, 12, default, tag, number);
        Assert.That(Convert.ToHexString([.. packet, .. tag]), Is.EqualTo(expected).IgnoreCase);

        Assert.That(transform.TryUnprotect(packet, 12, default, tag, number), Is.True);
        Assert.That(packet, Is.EqualTo(Bytes(Rtp)));
    }

    [TestCase(
        Key128, 8, "800005d4",
        "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275b"
        + "c84aa45896cf4d2fc5abf87245d9eade800005d4")]
    [TestCase(
        Key128, 52, "000005d4",
        "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef"
        + "841dd9683dd78ec92ae58790125f62b3000005d4")]
    public void Rtcp_VectorsOfRfc7714_AreMet(string key, int clear, string word, string expected)
    {
        using var transform = new GcmTransform(Convert.FromHexString(key), Salt, isRtcp: true);
        var packet = Bytes(Rtcp);
        var (tag, trailer) = (new byte[16], Bytes(word));
        var number = new PacketNumber(0x4d617273, 0x5d4);
        transform.Protect(packet, clear, trailer, tag, number);
        Assert.That(Convert.ToHexString([.. packet, .. tag, .. trailer]), Is.EqualTo(expected).IgnoreCase);

        Assert.That(transform.TryUnprotect(packet, clear, trailer, tag, number), Is.True);
        Assert.That(packet, Is.EqualTo(Bytes(Rtcp)));
    }

    [Test]
    public void AfterAnUnauthenticPacket_TheSlowWayGivesTheSame()
    {
        using var transform = new GcmTransform(Bytes(Key128), Salt, isRtcp: false);
        for (var i = 0; i < 200; i++)
        {
            var (packet, tag, number) = (Bytes(Rtp), new byte[16], new PacketNumber(1, i));
            BinaryPrimitives.WriteInt32BigEndian(packet.AsSpan(20), i);
            var plain = packet.ToArray();
            transform.Protect(packet, 12, default, tag, number);
            var forged = packet.ToArray();
            forged[i % forged.Length] ^= 1;
            if (i % 100 < 3)
                Assert.That(transform.TryUnprotect(forged, 12, default, tag, number), Is.False);
            Assert.That(transform.TryUnprotect(packet, 12, default, tag, number), Is.True);
            Assert.That(packet, Is.EqualTo(plain));
        }
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
