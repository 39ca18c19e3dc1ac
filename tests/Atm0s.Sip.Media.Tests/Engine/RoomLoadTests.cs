using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.TestKit.Net;

namespace Atm0s.Sip.Media.Tests.Engine;

public sealed class RoomLoadTests
{
    [Test]
    public void TickOfAHundredG711Callers_AllocatesNothing()
    {
        using var load = new RoomLoad(100, PcmaCodec.Instance);
        for (var i = 0; i < 500; i++)
            load.Tick();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 500; i++)
            load.Tick();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(load.Legs.Select(l => l.GetStatistics().PacketsReceived), Has.All.InRange(998, 1000));
        Assert.That(load.Legs.Select(l => l.GetStatistics().PacketsSent), Has.All.InRange(998, 1000));
    }

    [Test]
    public void TickWithGain_Mute_Digits_AllocatesNothing()
    {
        using var load = new RoomLoad(30, PcmaCodec.Instance);
        for (var i = 0; i < 500; i++)
            load.Tick();
        foreach (var (leg, i) in load.Legs.Select((l, i) => (l, i)))
        {
            leg.SetGain(i - 15);
            leg.SetMuted(i % 5 == 0);
            leg.SendDtmf("0123456789", TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(60));
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            load.Tick();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void TickOfOpusCallers_AllocatesNothing()
    {
        if (!LibOpusCodecProvider.Instance.IsAvailable)
            Assert.Ignore("apt-get install libopus0");
        using var load = new RoomLoad(5, new OpusCodec(LibOpusCodecProvider.Instance));
        for (var i = 0; i < 200; i++)
            load.Tick();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 300; i++)
            load.Tick();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void RoomOfPhones_StaysAtTheirRate()
    {
        using var load = new RoomLoad(3, PcmuCodec.Instance);
        for (var i = 0; i < 10; i++)
            load.Tick();
        Assert.That(load.Room.SampleRate, Is.EqualTo(8000));
        Assert.That(load.Room.MemberCount, Is.EqualTo(3));
    }
}
