using System.Buffers;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Core.Tests.Serialization;

/// <summary>The growing buffer.</summary>
public class PooledBufferWriterTests
{
    [Test]
    public void Content_survives_growth()
    {
        var random = new Random(7);
        var expected = new List<byte>();
        using var buffer = new PooledBufferWriter(1);
        for (var i = 0; i < 300; i++)
        {
            var part = new byte[random.Next(0, 500)];
            random.NextBytes(part);
            buffer.Write(part);
            expected.AddRange(part);
        }

        Assert.That(buffer.WrittenSpan.ToArray(), Is.EqualTo(expected));
        Assert.That(buffer.WrittenMemory.ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void Reset_starts_anew()
    {
        using var buffer = new PooledBufferWriter();
        buffer.Write("one"u8);
        buffer.Reset();
        buffer.Write("2"u8);
        Assert.That(buffer.WrittenSpan.SequenceEqual("2"u8), Is.True);
    }

    [TestCase(-1)]
    [TestCase(int.MaxValue)]
    public void Advancing_past_the_buffer_is_an_error(int count)
    {
        using var buffer = new PooledBufferWriter();
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Advance(count));
    }

    [Test]
    public void Disposing_twice_is_safe()
    {
        var buffer = new PooledBufferWriter();
        buffer.Dispose();
        buffer.Dispose();
        Assert.That(buffer.WrittenCount, Is.Zero);
    }

    [Test]
    public void Rented_OneInAnother_AllocatesNothing_AndEachBeginsEmpty()
    {
        Assert.That(
            AllocationMeter.Measure(() =>
            {
                using var outer = PooledBufferWriter.Rent();
                outer.Write("outer"u8);
                using var inner = PooledBufferWriter.Rent();
                inner.Write("inner"u8);
                if (!outer.WrittenSpan.SequenceEqual("outer"u8) || !inner.WrittenSpan.SequenceEqual("inner"u8))
                    throw new InvalidOperationException("They must be two, and empty at first.");
            }),
            Is.Zero);
    }

    [Test]
    public void Rented_DisposedTwice_IsNotTakenFromWhoHasItNext()
    {
        var first = PooledBufferWriter.Rent();
        first.Dispose();
        first.Dispose();
        using var second = PooledBufferWriter.Rent();
        second.Write("x"u8);
        Assert.That(second.WrittenSpan.SequenceEqual("x"u8), Is.True);
    }
}
