using Atm0s.Sip.Media.Forwarding;

namespace Atm0s.Sip.Media.Tests.Forwarding;

/// <summary>Several streams numbered as one.</summary>
public sealed class StreamNumbersTests
{
    [Test]
    public void OneStream_KeepsItsDistances()
    {
        var numbers = new StreamNumbers(100, 5000);
        Assert.That(Map(numbers, 65534, 4294967000, 0), Is.EqualTo((100, 5000u)));
        Assert.That(Map(numbers, 65535, unchecked(4294967000 + 960), 0), Is.EqualTo((101, 5960u)), "in order");
        Assert.That(Map(numbers, 1, unchecked(4294967000 + 2880), 0), Is.EqualTo((103, 7880u)), "one is lost");
        Assert.That(Map(numbers, 0, unchecked(4294967000 + 1920), 0), Is.EqualTo((102, 6920u)), "no, it was overtaken");
        Assert.That(Map(numbers, 1, unchecked(4294967000 + 2880), 0), Is.Null, "twice");
        Assert.That(Map(numbers, 2, unchecked(4294967000 + 2880 + 480_000), 0), Is.EqualTo((104, 487_880u)), "after a pause of ten seconds");
        Assert.That(numbers.Next, Is.EqualTo(105));
        Assert.That(numbers.End, Is.EqualTo(488_840u));
    }

    [Test]
    public void AnotherStream_GoesOnByOne_AndNotBackInTime()
    {
        var numbers = new StreamNumbers(0, 0);
        Map(numbers, 7, 70_000, 0);
        Map(numbers, 8, 70_960, 0);
        numbers.Begin(1000);
        Assert.That(Map(numbers, 900, 12, 0), Is.EqualTo((2, 1920u)), "the audio before ends at 1920");
        Assert.That(Map(numbers, 899, unchecked(12u - 960), 0), Is.Null, "of before the change");
        numbers.Begin(50_000);
        Assert.That(Map(numbers, 901, 972, 0), Is.EqualTo((3, 50_000u)), "the time of the change");
    }

    [TestCase(20_000, 70_000u, TestName = "A jump of numbers is another line")]
    [TestCase(9, 69_000u, TestName = "A time that goes back though the number follows is another line")]
    public void WhatDoesNotFollow_BeginsAnew(int sequence, uint timestamp)
    {
        var numbers = new StreamNumbers(0, 0);
        Map(numbers, 8, 70_000, 0);
        Assert.That(Map(numbers, (ushort)sequence, timestamp, 4800), Is.EqualTo((1, 4800u)));
        Assert.That(Map(numbers, (ushort)(sequence + 1), timestamp + 960, 4800), Is.EqualTo((2, 5760u)));
    }

    [Test]
    public void DayOfPackets_StaysContiguous()
    {
        var numbers = new StreamNumbers(0, 0);
        for (var i = 0L; i < 24 * 3600 * 50; i++)
        {
            if (!numbers.TryMap((ushort)(i + 77), (uint)((i * 960) + 5), 960, 0, out var number, out var time)
                || number != (ushort)i || time != (uint)(i * 960))
                Assert.Fail($"packet {i}: {number}, {time}");
        }
    }

    private static (int Number, uint Time)? Map(StreamNumbers numbers, ushort sequence, uint timestamp, uint at) =>
        numbers.TryMap(sequence, timestamp, 960, at, out var number, out var time) ? (number, time) : null;
}
