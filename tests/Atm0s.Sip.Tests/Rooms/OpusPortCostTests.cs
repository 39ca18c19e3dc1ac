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
        // Three times, for the runtime itself makes something now and then when it compiles anew: a packet would make something each time.
        var made = Enumerable.Range(0, 3).Select(_ => Measure()).ToArray();

        Assert.That(made.Min(), Is.Zero);
        Assert.That(forwarded, Is.GreaterThan(1000));
        Assert.That(to.Legs[0].GetStatistics().PacketsSent, Is.GreaterThan(1000));

        long Measure()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 200; i++)
                Tick();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

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
