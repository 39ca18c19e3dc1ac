using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.TestKit.Net;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Media.Tests.Engine;

/// <summary>
/// 200 legs come and go: sockets, ports, memory and members are what they were before. On sockets of the kernel for 15 s, or for as long as
/// <c>ATM0S_CHURN_SECONDS</c> says (3600 is an hour). Of a thousand ticks 999 begin within 5 ms of their time, beside what the machine itself
/// makes a thread late by that has nothing to do.
/// </summary>
[NonParallelizable]
public sealed class ChurnTests : IRtpLegObserver
{
    private const int Legs = 200;
    private const int Rooms = 10;

    private readonly Random _random = new(7);
    private int _failures;

    [Test]
    public void TwoMinutes_LeaveNothingBehind()
    {
        var clock = new ManualMediaClock();
        var network = new InMemoryMediaNetwork(1, clock);
        using var engine = NewEngine(network, clock, TimeProvider.System);
        engine.Start();
        var rooms = MakeRooms(engine);
        var legs = new RtpLeg?[Legs];
        var memory = 0L;
        for (var second = 0; second < 120; second++)
        {
            // Each lives for ten seconds or so, and another comes in its place.
            for (var i = 0; i < Legs; i++)
            {
                if (_random.Next(20) == 0)
                    Change(engine, rooms, legs, i, i % 3 == 0);
            }

            for (var tick = 0; tick < 50; tick++)
                clock.Advance(MediaClock.Period);
            if (second == 20)
                memory = GC.GetTotalMemory(forceFullCollection: true);
        }

        // As many legs as then, give and take.
        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - memory, Is.LessThan(16 << 20));
        Assert.That(engine.PortPairsInUse, Is.EqualTo(legs.Count(leg => leg is not null)));
        Assert.That(rooms.Sum(room => room.MemberCount), Is.EqualTo(legs.Count(leg => leg is not null)));

        End(legs);
        clock.Advance(10 * MediaClock.Period);
        AssertNothingIsLeft(engine, rooms);
        Assert.That(network.OpenSockets, Is.LessThanOrEqualTo(MaxParked), "those that rest");
        engine.Dispose();
        Assert.That(network.OpenSockets, Is.Zero);
    }

    [Test]
    public void OnRealSockets_NothingIsLeftBehind_AndTicksAreInTime()
    {
        var seconds = int.TryParse(Environment.GetEnvironmentVariable("ATM0S_CHURN_SECONDS"), out var asked) ? asked : 15;
        var files = OpenFiles();
        using var network = new UdpMediaNetwork();
        using var engine = NewEngine(network, new RealMediaClock(), TimeProvider.System);
        engine.Start();
        var rooms = MakeRooms(engine);
        var legs = new RtpLeg?[Legs];
        using var voice = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var packet = new byte[172];
        var memory = 0L;
        var (ticks, late, bare) = (0L, 0L, default(BareThread));
        var timer = System.Diagnostics.Stopwatch.StartNew();
        for (var round = 0; timer.Elapsed < TimeSpan.FromSeconds(seconds); round++)
        {
            for (var k = 0; k < 2; k++)
                Change(engine, rooms, legs, _random.Next(Legs), voice: false, (IPEndPoint)voice.Client.LocalEndPoint!);
            for (var i = 0; i < Legs; i += 4)
            {
                if (legs[i] is not { } leg)
                    continue;
                RtpHeader.Write(packet, 8, false, (ushort)round, (uint)(round * 160), (uint)i);
                voice.Send(packet, leg.LocalEndPoint);
            }

            while (voice.Available > 0)
            {
                IPEndPoint? from = null;
                voice.Receive(ref from);
            }

            Thread.Sleep(20);
            if (memory != 0 || timer.Elapsed < TimeSpan.FromSeconds(seconds / 3.0))
                continue;
            // From here on: all is compiled.
            memory = GC.GetTotalMemory(forceFullCollection: true);
            (ticks, late, bare) = (engine.Metrics.Ticks, engine.Metrics.LateTicks, new BareThread());
        }

        var lateShare = (double)(engine.Metrics.LateTicks - late) / (engine.Metrics.Ticks - ticks);
        var bareShare = bare!.LateShare;
        bare.Dispose();
        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - memory, Is.LessThan(16 << 20));
        var metrics = engine.Metrics;
        TestContext.Out.WriteLine($"late {lateShare:P3}; a thread that does nothing {bareShare:P3}");
        TestContext.Out.WriteLine(
            $"{metrics.Ticks} ticks, {metrics.LateTicks} of them more than 5 ms late, {metrics.SkippedTicks} left out; {metrics.PacketsSent} packets");
        Assert.That(metrics.Ticks, Is.GreaterThan(0.8 * seconds * 50 * Rooms));
        Assert.That(lateShare, Is.LessThanOrEqualTo(0.001 + (5 * bareShare)), "p99.9 of the lateness of ticks is 5 ms at most");
        End(legs);
        Assert.That(() => engine.PortPairsInUse, Is.Zero.After(5000, 20));
        AssertNothingIsLeft(engine, rooms);
        Assert.That(metrics.StuckTicks, Is.Zero);
        engine.Dispose();
        network.Dispose();
        Assert.That(OpenFiles() - files, Is.LessThan(10), "sockets are closed, those too that rested");
    }

    void IRtpLegObserver.OnLatched(IPEndPoint source)
    {
    }

    void IRtpLegObserver.OnMediaTimeout()
    {
    }

    void IRtpLegObserver.OnDtmf(DtmfEvent e)
    {
    }

    void IRtpLegObserver.OnFailed() => Interlocked.Increment(ref _failures);

    // Ports that were given back rest for a while with their sockets (ParkedSockets).
    private const int MaxParked = 4 * Legs;

    private static MediaEngine NewEngine(IMediaNetwork network, MediaClock clock, TimeProvider time) => new(
        new MediaEngineOptions { FirstPort = 24_000, LastPort = 29_999, Threads = 2, LegTimeout = TimeSpan.Zero },
        network, clock, time, new Random(1), NullLogger.Instance);

    private static MixRoom[] MakeRooms(MediaEngine engine) => [.. Enumerable.Range(0, Rooms).Select(i => engine.CreateRoom($"{i}"))];

    private static int OpenFiles() => Directory.Exists("/proc/self/fd") ? Directory.GetFiles("/proc/self/fd").Length : 0;

    private void Change(MediaEngine engine, MixRoom[] rooms, RtpLeg?[] legs, int i, bool voice, IPEndPoint? remote = null)
    {
        if (legs[i] is { } old)
        {
            if (_random.Next(4) == 0)
            {
                old.MoveTo(rooms[_random.Next(Rooms)]);
                return;
            }

            old.Close();
            legs[i] = null;
            return;
        }

        var leg = engine.TryOpenLeg(IPAddress.Loopback, this);
        Assert.That(leg, Is.Not.Null, "there are ports");
        Assert.That(leg!.Start(
            new RtpLegParameters
            {
                SendFormat = new RtpFormat(8, PcmaCodec.Instance),
                ReceiveFormats = [new RtpFormat(8, PcmaCodec.Instance)],
                Remote = remote ?? new IPEndPoint(IPAddress.Loopback, 9),
                PassThrough = true,
                DetectInbandDtmf = voice,
            },
            rooms[_random.Next(Rooms)]));
        leg.Confirm();
        legs[i] = leg;
    }

    private static void End(RtpLeg?[] legs)
    {
        foreach (var leg in legs)
            leg?.Close();
    }

    private void AssertNothingIsLeft(MediaEngine engine, MixRoom[] rooms)
    {
        Assert.That(() => rooms.Sum(room => room.MemberCount), Is.Zero.After(2000, 20));
        Assert.That((engine.PortPairsInUse, engine.Metrics.Legs), Is.EqualTo((0, 0)));
        Assert.That(Volatile.Read(ref _failures), Is.Zero);
        foreach (var room in rooms)
            room.Close();
    }
}
