using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Tests.Rtp;

/// <summary>RFC 8285 §4.2, §4.3, and the level of RFC 6464 §3 in it.</summary>
public sealed class RtpHeaderExtensionTests
{
    [TestCase(new byte[] { 0xBE, 0xDE, 0, 1, 0x10, 0xA5, 0, 0 }, 1, 0x25, true)]
    [TestCase(new byte[] { 0xBE, 0xDE, 0, 2, 0x21, 9, 9, 0, 0x10, 0x7F, 0, 0 }, 1, 127, false)]
    [TestCase(new byte[] { 0x10, 0, 0, 1, 1, 1, 0x83, 0 }, 1, 3, true)]
    [TestCase(new byte[] { 0x10, 0, 0, 2, 200, 0, 0, 77, 1, 0x05, 0, 0 }, 77, 5, false)]
    public void Level_IsFound(byte[] extension, int id, int level, bool voice)
    {
        Assert.That(RtpPacketView.TryParse(Packet(extension), out var packet));
        Assert.That(packet.TryGetAudioLevel(id, out var found, out var flag));
        Assert.That((found, flag), Is.EqualTo((level, voice)));
        Assert.That(packet.Payload.ToArray(), Is.EqualTo(new byte[] { 42 }));
    }

    [TestCase(new byte[] { 0xBE, 0xDE, 0, 1, 0x20, 0xA5, 0, 0 })]        // another element
    [TestCase(new byte[] { 0xBE, 0xDE, 0, 1, 0, 0, 0, 0x13 })]           // longer than the extension
    [TestCase(new byte[] { 0xBE, 0xDE, 0, 1, 0xF0, 0x10, 0x10, 0x10 })]  // §4.2: 15 ends it
    [TestCase(new byte[] { 0x12, 0x34, 0, 1, 0x10, 0xA5, 0, 0 })]        // not of RFC 8285
    [TestCase(new byte[] { 0x10, 0, 0, 1, 1, 0, 0, 0 })]                 // an element without data
    [TestCase(new byte[] { 0x10, 0, 0, 1, 0, 0, 0, 1 })]                 // half a header
    [TestCase(new byte[] { 0xBE, 0xDE, 0, 0 })]
    public void Level_IsNotThere(byte[] extension)
    {
        Assert.That(RtpPacketView.TryParse(Packet(extension), out var packet));
        Assert.That(packet.TryGetAudioLevel(1, out _, out _), Is.False);
    }

    [Test]
    public void Junk_NeverThrows()
    {
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            var extension = new byte[4 * (1 + random.Next(6))];
            random.NextBytes(extension);
            if (i % 2 == 0)
                (extension[0], extension[1]) = i % 4 == 0 ? ((byte)0xBE, (byte)0xDE) : ((byte)0x10, (byte)0);
            RtpHeaderExtension.TryFind(extension, random.Next(1, 256), out _);
        }
    }

    private static byte[] Packet(byte[] extension)
    {
        var packet = new byte[RtpHeader.Length + extension.Length + 1];
        RtpHeader.Write(packet, 96, false, 1, 2, 3);
        packet[0] |= 0x10;
        extension.CopyTo(packet, RtpHeader.Length);
        packet[^1] = 42;
        return packet;
    }
}
