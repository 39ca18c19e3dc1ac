using System.Net;
using System.Text;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Stun;

namespace Atm0s.Sip.Media.Tests.Stun;

/// <summary>RFC 5769 §2: read, checked, and written byte for byte.</summary>
public sealed class StunVectorTests
{
    private const string Password = "VOkJxbRl1RmTxUk/WvJxBt";

    private static readonly byte[] Key = Encoding.ASCII.GetBytes(Password);

    [Test]
    public void SampleRequest_IsReadAndAuthentic()
    {
        var bytes = Vector("rfc5769-1-sample-request.bin");
        Assert.That(StunMessage.TryParse(bytes, out var request), Is.True);
        Assert.That(request.Class, Is.EqualTo(StunClass.Request));
        Assert.That(request.Method, Is.EqualTo(StunFormat.Binding));
        Assert.That(Encoding.UTF8.GetString(request.Username), Is.EqualTo("evtj:h6vY"));
        Assert.That(Encoding.UTF8.GetString(request.Software), Is.EqualTo("STUN test client"));
        Assert.That(request.Priority, Is.EqualTo(0x6E0001FF));
        Assert.That(request.Controlled, Is.EqualTo(0x932FF9B151263B36));
        Assert.That(request.Controlling, Is.Null);
        Assert.That(request.UsesCandidate, Is.False);
        Assert.That(request.Unknown, Is.Zero);
        Assert.That(request.IsAuthentic(Key), Is.True);
        Assert.That(request.IsFingerprintRight(), Is.True);
        Assert.That(request.IsAuthentic("another"u8), Is.False);
    }

    [TestCase("rfc5769-2-ipv4-response.bin", "192.0.2.1")]
    [TestCase("rfc5769-3-ipv6-response.bin", "2001:db8:1234:5678:11:2233:4455:6677")]
    public void SampleResponse_TellsTheAddress(string file, string address)
    {
        Assert.That(StunMessage.TryParse(Vector(file), out var response), Is.True);
        Assert.That(response.Class, Is.EqualTo(StunClass.Success));
        Assert.That(response.MappedAddress.ToEndPoint(), Is.EqualTo(new IPEndPoint(IPAddress.Parse(address), 32853)));
        Assert.That(response.IsAuthentic(Key), Is.True);
        Assert.That(response.IsFingerprintRight(), Is.True);
    }

    [TestCase("rfc5769-2-ipv4-response.bin", "192.0.2.1")]
    [TestCase("rfc5769-3-ipv6-response.bin", "2001:db8:1234:5678:11:2233:4455:6677")]
    public void SampleResponse_IsWrittenAlike(string file, string address)
    {
        var expected = Vector(file);
        Assert.That(StunMessage.TryParse(expected, out var sample), Is.True);
        var written = new byte[200];
        var writer = new StunWriter(written, StunClass.Success, sample.TransactionId);
        writer.Write(StunAttribute.Software, "test vector"u8);
        writer.WriteAddress(MediaAddress.From(new IPEndPoint(IPAddress.Parse(address), 32853)));
        // The samples pad with a blank (RFC 5769 §2), which is part of what is hashed.
        written[StunFormat.HeaderLength + StunFormat.AttributeHeader + "test vector".Length] = (byte)' ';
        writer.WriteIntegrity(Key);
        writer.WriteFingerprint();
        Assert.That(written[..writer.Length], Is.EqualTo(expected));
    }

    // RFC 8489 §9.2.2: MD5 of user, realm and password, prepared.
    [Test]
    public void LongTermRequest_IsAuthenticByItsKey()
    {
        Assert.That(StunMessage.TryParse(Vector("rfc5769-4-long-term-auth-request.bin"), out var request), Is.True);
        Assert.That(Encoding.UTF8.GetString(request.Username), Is.EqualTo("マトリックス"));
#pragma warning disable CA5351 // The RFC's.
        var key = System.Security.Cryptography.MD5.HashData(Encoding.UTF8.GetBytes("マトリックス:example.org:TheMatrIX"));
#pragma warning restore CA5351
        Assert.That(request.IsAuthentic(key), Is.True);
        Assert.That(request.HasFingerprint, Is.False);
    }

    [Test]
    public void EachBit_OfTheSample_Counts()
    {
        var sample = Vector("rfc5769-1-sample-request.bin");
        for (var bit = 0; bit < sample.Length * 8; bit++)
        {
            var bytes = sample.ToArray();
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            var isRight = StunMessage.TryParse(bytes, out var message) && message.IsAuthentic(Key) && message.IsFingerprintRight();
            Assert.That(isRight, Is.False, $"bit {bit}");
        }
    }

    internal static byte[] Vector(string file) =>
        File.ReadAllBytes(Path.Combine(TestContext.CurrentContext.TestDirectory, "data", "stun", file));
}
