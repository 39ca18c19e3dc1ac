using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.TestKit.Net;
using BenchmarkDotNet.Attributes;

namespace Atm0s.Sip.Benchmarks.Media;

/// <summary>One tick of a room (20 ms of audio): receive, decode, mix, encode, send for everybody, network in memory. All talk.</summary>
[MemoryDiagnoser]
public class MixTickBenchmarks
{
    private RoomLoad _phones = null!;
    private RoomLoad _apps = null!;

    [GlobalSetup]
    public void Fill()
    {
        _phones = new RoomLoad(100, PcmaCodec.Instance);
        _apps = new RoomLoad(30, new OpusCodec(LibOpusCodecProvider.Instance, new OpusEncoderOptions { ExpectedLossPercent = 0 }));
        for (var i = 0; i < 100; i++)
        {
            _phones.Tick();
            _apps.Tick();
        }
    }

    [GlobalCleanup]
    public void Empty()
    {
        _phones.Dispose();
        _apps.Dispose();
    }

    [Benchmark]
    public void HundredPcma() => _phones.Tick();

    [Benchmark]
    public void ThirtyOpus() => _apps.Tick();
}
