using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Rooms;
using Atm0s.Sip.TestKit.Net;

namespace Atm0s.Sip.Tests.Rooms;

/// <summary>What a packet costs on its way from a phone through the host to another.</summary>
[NonParallelizable]
public sealed class OpusPortCostTests
{
    [Test]
    public void FramesFromPhoneToPhone_AllocateNothing([Values] bool fromOpus, [Values] bool toOpus, [Values] bool reads)
    {
        using var from = new RoomLoad(1, CodecOf(fromOpus));
        using var to = new RoomLoad(1, CodecOf(toOpus));
        IOpusSource? source = null;
        var forwarded = 0L;
        var speaker = Open(from, new OpusHostSeat(OpusSeatOptions.Default, reads ? null : (OpusHostSeat _, in OpusFrame frame) =>
        {
            source!.Push(frame);
            forwarded++;
            return true;
        }));
        source = Open(to, new OpusHostSeat(OpusSeatOptions.Default, null)).AddSource("speaker");
        var buffer = new byte[OpusFrame.MaxBytes];
        for (var i = 0; i < 500; i++)
            Tick();
        var (before, first) = (GC.GetAllocatedBytesForCurrentThread(), forwarded);
        for (var i = 0; i < 300; i++)
        {
            var b0 = GC.GetAllocatedBytesForCurrentThread();
            from.Tick();
            var b1 = GC.GetAllocatedBytesForCurrentThread();
            while (reads && speaker.TryRead(buffer, out var frame))
            {
                source!.Push(frame);
                forwarded++;
            }

            var b2 = GC.GetAllocatedBytesForCurrentThread();
            to.Tick();
            var b3 = GC.GetAllocatedBytesForCurrentThread();
            if (b3 != b0)
                Console.WriteLine($"XX {i} {b1 - b0} {b2 - b1} {b3 - b2}");
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(forwarded - first, Is.GreaterThan(280));
        Assert.That(to.Legs[0].GetStatistics().PacketsSent, Is.GreaterThan(750));

        void Tick()
        {
            from.Tick();
            while (reads && speaker.TryRead(buffer, out var frame))
            {
                source!.Push(frame);
                forwarded++;
            }

            to.Tick();
        }
    }

    private static IAudioCodec CodecOf(bool opus) =>
        opus ? new OpusCodec(LibOpusCodecProvider.Instance, new OpusEncoderOptions { ExpectedLossPercent = 0 }) : PcmaCodec.Instance;

    private static OpusPort Open(RoomLoad load, OpusHostSeat seat)
    {
        var port = new OpusPort(
            seat, OpusSeatOptions.Default, load.Room, LibOpusCodecProvider.Instance, SipScheduler.ThreadPool, static _ => { });
        port.Open();
        return port;
    }
}
