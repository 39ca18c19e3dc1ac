using System.Buffers.Binary;
using Atm0s.Sip.Media.Dtls.Handshakes;

namespace Atm0s.Sip.Media.Tests.Dtls;

/// <summary>A ClientHello that is too long for one datagram (RFC 6347 §4.2.3), as those of browsers are.</summary>
public sealed class HelloAssemblyTests
{
    private static readonly byte[] Body = [.. Enumerable.Range(0, 1700).Select(i => (byte)i)];

    [Test]
    public void Hello_Whole_IsTheSameDatagram()
    {
        var datagram = Record(Fragment(0, Body.Length));
        Assert.That(new HelloAssembly().Add(datagram), Is.SameAs(datagram));
    }

    [TestCase(new[] { 0, 1200, 1200, 500 })]
    [TestCase(new[] { 1200, 500, 0, 1200 })]
    [TestCase(new[] { 0, 1200, 0, 1200, 1000, 700 })]
    public void Hello_InFragments_IsPutTogether(int[] offsetsAndLengths)
    {
        var assembly = new HelloAssembly();
        byte[]? whole = null;
        for (var i = 0; i < offsetsAndLengths.Length; i += 2)
        {
            Assert.That(whole, Is.Null);
            whole = assembly.Add(Record(Fragment(offsetsAndLengths[i], offsetsAndLengths[i + 1])));
        }

        Assert.That(whole, Is.EqualTo(Record(Fragment(0, Body.Length))));
    }

    [Test]
    public void Fragments_OfOneDatagram_ArePutTogether() => Assert.That(
        new HelloAssembly().Add([.. Record(Fragment(0, 800)), .. Record(Fragment(800, 900))]),
        Is.EqualTo(Record(Fragment(0, Body.Length))));

    [Test]
    public void Fragments_OfAnotherMessage_BeginAnew()
    {
        var assembly = new HelloAssembly();
        assembly.Add(Record(Fragment(0, 1200)));
        Assert.That(assembly.Add(Record(Fragment(1200, 500, sequence: 1))), Is.Null);
        Assert.That(assembly.Add(Record(Fragment(0, 1200, sequence: 1))), Is.Not.Null);
    }

    [Test]
    public void Fragments_ThatCantBe_AreNothing()
    {
        var assembly = new HelloAssembly();
        var tooLong = Fragment(0, 1200);
        tooLong[1] = 1; // 65,536 bytes and more
        var outside = Fragment(0, 1200);
        outside[7] = 0x10; // begins behind the end
        var cut = Record(Fragment(0, 1200))[..^1];
        Assert.That(new[] { Record(tooLong), Record(outside), cut, [], new byte[25] }.Select(assembly.Add), Is.All.Null);
        assembly.Add(Record(Fragment(0, 1200)));
        Assert.That(assembly.Add(Record(Fragment(1200, 500))), Is.Not.Null);
    }

    private static byte[] Fragment(int offset, int length, ushort sequence = 0)
    {
        var message = new byte[12 + length];
        message[0] = 1;
        Write24(message.AsSpan(1), Body.Length);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), sequence);
        Write24(message.AsSpan(6), offset);
        Write24(message.AsSpan(9), length);
        Body.AsSpan(offset, length).CopyTo(message.AsSpan(12));
        return message;
    }

    private static byte[] Record(byte[] message)
    {
        var record = new byte[13 + message.Length];
        (record[0], record[1], record[2]) = (22, 0xFE, 0xFD);
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(11), (ushort)message.Length);
        message.CopyTo(record, 13);
        return record;
    }

    private static void Write24(Span<byte> bytes, int value) =>
        (bytes[0], bytes[1], bytes[2]) = ((byte)(value >> 16), (byte)(value >> 8), (byte)value);
}
