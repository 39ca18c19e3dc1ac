using System.Buffers.Binary;
using Atm0s.Sip.Media.Stun;

namespace Atm0s.Sip.Media.Tests.Stun;

public sealed class StunMessageTests
{
    [Test]
    public void EachTruncation_OfASample_IsRefused()
    {
        var sample = StunVectorTests.Vector("rfc5769-1-sample-request.bin");
        for (var length = 0; length < sample.Length; length++)
            Assert.That(StunMessage.TryParse(sample.AsSpan(0, length), out _), Is.False, $"{length} bytes");
    }

    [Test]
    public void LengthOfAnAttribute_BeyondTheEnd_IsRefused()
    {
        var bytes = Message(writer => writer.Write(StunAttribute.Username, "abcd"u8));
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(StunFormat.HeaderLength + 2), 5);
        Assert.That(StunMessage.TryParse(bytes, out _), Is.False);
    }

    [Test]
    public void LongestMessage_IsRead_ALongerOneIsNot()
    {
        Assert.That(StunMessage.TryParse(OfLength(StunFormat.MaxLength), out _), Is.True);
        Assert.That(StunMessage.TryParse(OfLength(StunFormat.MaxLength + 4), out _), Is.False);
    }

    [Test]
    public void WhatStandsBehindIntegrity_IsNotLookedAt()
    {
        var bytes = Message(writer =>
        {
            writer.WriteIntegrity("key"u8);
            writer.Write(StunAttribute.Username, "evil"u8);
            writer.Write(StunAttribute.UseCandidate, []);
        });
        Assert.That(StunMessage.TryParse(bytes, out var message), Is.True);
        Assert.That(message.IsAuthentic("key"u8), Is.True);
        Assert.That(message.Username.Length, Is.Zero);
        Assert.That(message.UsesCandidate, Is.False);
    }

    [Test]
    public void AttributeThatMustBeUnderstood_AndIsNot_IsTold()
    {
        var bytes = Message(writer => writer.Write((StunAttribute)0x7777, [1, 2, 3]));
        Assert.That(StunMessage.TryParse(bytes, out var message), Is.True);
        Assert.That(message.Unknown, Is.EqualTo(0x7777));
    }

    [Test]
    public void AttributeThatNeedNotBeUnderstood_IsPassedOver()
    {
        var bytes = Message(writer => writer.Write((StunAttribute)0xC057, [1, 2, 3, 4]));
        Assert.That(StunMessage.TryParse(bytes, out var message), Is.True);
        Assert.That(message.Unknown, Is.Zero);
    }

    [Test]
    public void Error_IsWrittenAndRead()
    {
        var bytes = Message(writer => writer.WriteError(487, "Role Conflict"));
        Assert.That(StunMessage.TryParse(bytes, out var message), Is.True);
        Assert.That(message.ErrorCode, Is.EqualTo(487));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void AnyBytes_NeverThrow(int seed)
    {
        var random = new Random(seed);
        var sample = StunVectorTests.Vector("rfc5769-1-sample-request.bin");
        var parsed = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var bytes = sample.ToArray();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (!StunMessage.TryParse(bytes, out var message))
                continue;
            parsed++;
            _ = (message.IsAuthentic("k"u8), message.IsFingerprintRight(), message.ErrorCode, message.MappedAddress, message.Priority);
            _ = (message.Controlled, message.Controlling, message.Username.Length, message.Method, message.Class);
        }

        Assert.That(parsed, Is.GreaterThan(1000), "some of it is still a message");
    }

    private delegate void Writing(ref StunWriter writer);

    private static byte[] Message(Action<StunWriterBox> write)
    {
        var box = new StunWriterBox();
        write(box);
        return box.ToArray();
    }

    private static byte[] OfLength(int length) =>
        Message(writer => writer.Write(StunAttribute.Software, new byte[length - StunFormat.HeaderLength - StunFormat.AttributeHeader]));

    /// <summary>Keeps what was written between two writers, which can't be captured.</summary>
    private sealed class StunWriterBox
    {
        private readonly List<Writing> _writings = [];

        public void Write(StunAttribute type, ReadOnlySpan<byte> value)
        {
            var copy = value.ToArray();
            _writings.Add((ref StunWriter w) => w.Write(type, copy));
        }

        public void WriteIntegrity(ReadOnlySpan<byte> key)
        {
            var copy = key.ToArray();
            _writings.Add((ref StunWriter w) => w.WriteIntegrity(copy));
        }

        public void WriteError(int code, string phrase) => _writings.Add((ref StunWriter w) => w.WriteError(code, phrase));

        public byte[] ToArray()
        {
            var buffer = new byte[4096];
            var writer = new StunWriter(buffer, StunClass.Request, new byte[StunFormat.TransactionLength]);
            foreach (var writing in _writings)
                writing(ref writer);
            return buffer[..writer.Length];
        }
    }
}
