using System.Net;
using System.Runtime.InteropServices;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.TestKit.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Media.Tests.Engine;

/// <summary>When ports or sockets run out, new calls are refused, at once; those in progress notice nothing.</summary>
public sealed partial class PortsRunOutTests : IRtpLegObserver
{
    private static readonly IPAddress Host = IPAddress.Parse("10.0.0.1");

    private readonly ManualMediaClock _clock = new();

    [Test]
    public void OpeningThatHangsInTheSystem_HoldsUpNoTick_NorAnotherOpening()
    {
        using var network = new HangingNetwork();
        using var engine = NewEngine(network);
        var room = engine.CreateRoom("room");
        var legs = Enumerable.Range(0, 6).Select(_ => Start(engine, room)).ToArray();
        _clock.Advance(MediaClock.Period);

        network.IsHanging = true;
        var hung = Task.Run(() => engine.TryOpenLeg(Host, this));
        Assert.That(network.Entered.Wait(TimeSpan.FromSeconds(10)));
        network.IsHanging = false;
        foreach (var leg in legs)
            leg.Close();
        var ticks = Task.Run(() => _clock.Advance(TimeSpan.FromSeconds(1)));
        Assert.That(ticks.Wait(TimeSpan.FromSeconds(10)), "a tick waits for a bind");
        Assert.That(engine.Metrics.Legs, Is.Zero);
        var other = Task.Run(() => engine.TryOpenLeg(Host, this));
        Assert.That(other.Wait(TimeSpan.FromSeconds(10)), "an opening waits for another one");
        network.Release();
        Assert.That(hung.Wait(TimeSpan.FromSeconds(10)));
        Assert.That(engine.Metrics.Legs, Is.EqualTo(2));
    }

    [TestCase(MediaBindResult.OutOfSockets, 1)]
    [TestCase(MediaBindResult.AddressUnavailable, 1)]
    [TestCase(MediaBindResult.PortUnavailable, 5)]
    public void WhenNothingCanBeBound_ItIsSaidAfterFewTries(MediaBindResult why, int binds)
    {
        var network = new InMemoryMediaNetwork(1) { Refusal = why };
        using var engine = NewEngine(network);
        Assert.That(engine.TryOpenLeg(Host, this), Is.Null);
        Assert.That(network.Binds, Is.EqualTo(binds));
        network.Refusal = null;
        Assert.That(engine.TryOpenLeg(Host, this), Is.Not.Null);
    }

    [Test]
    public void ProcessWithoutDescriptors_RefusesCalls_AndGoesOnWhenItHasSome()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("Linux only.");
        using var engine = NewEngine(new UdpMediaNetwork());
        engine.TryOpenLeg(IPAddress.Loopback, this)!.Close(); // all code is loaded
        Assert.That(new UdpMediaNetwork().Bind(IPAddress.Parse("192.0.2.1"), 31000, out _), Is.EqualTo(MediaBindResult.AddressUnavailable));
        Assert.That(GetLimit(OpenFiles, out var limit), Is.Zero);
        var refused = new RtpLeg?[100];
        var none = limit with { Soft = 0 };
        SetLimit(OpenFiles, ref none);
        for (var i = 0; i < refused.Length; i++)
            refused[i] = engine.TryOpenLeg(IPAddress.Loopback, this);
        SetLimit(OpenFiles, ref limit);
        Assert.That(refused, Has.All.Null);
        Assert.That(engine.TryOpenLeg(IPAddress.Loopback, this), Is.Not.Null);
    }

    [Test]
    public void EngineThatEnds_LeavesNoPortOpen_WhateverIsBeingOpened()
    {
        var network = new InMemoryMediaNetwork(1);
        var engine = NewEngine(network);
        var opening = Task.Run(() =>
        {
            while (engine.TryOpenLeg(Host, this) is { } leg)
                leg.Close();
        });
        engine.Dispose();
        Assert.That(opening.Wait(TimeSpan.FromSeconds(10)));
        Assert.That(network.OpenSockets, Is.Zero);
        Assert.That(engine.Metrics.Legs, Is.Zero);
    }

    [TestCase("10.0.0.1", 46)]
    [TestCase("10.0.0.1", 0)]
    public void Dscp_IsSetOnBothSockets(string host, int dscp)
    {
        var network = new InMemoryMediaNetwork(1);
        using var engine = NewEngine(network, dscp);
        var leg = engine.TryOpenLeg(IPAddress.Parse(host), this)!;
        Assert.That(network.DscpOf(leg.LocalEndPoint), Is.EqualTo(dscp));
        Assert.That(network.DscpOf(new IPEndPoint(leg.LocalEndPoint.Address, leg.LocalEndPoint.Port + 1)), Is.EqualTo(dscp));
    }

    [TestCase(-1)]
    [TestCase(64)]
    public void DscpOutOfRange_IsRefused(int dscp) =>
        Assert.That(() => NewEngine(new InMemoryMediaNetwork(1), dscp), Throws.InstanceOf<ArgumentOutOfRangeException>());

    void IRtpLegObserver.OnLatched(IPEndPoint source)
    {
    }

    void IRtpLegObserver.OnMediaTimeout()
    {
    }

    void IRtpLegObserver.OnDtmf(DtmfEvent e)
    {
    }

    private const int OpenFiles = 7; // RLIMIT_NOFILE

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, ref Limit limit);

    private MediaEngine NewEngine(IMediaNetwork network, int dscp = 0)
    {
        var engine = new MediaEngine(
            new MediaEngineOptions { FirstPort = 30000, LastPort = 30999, Dscp = dscp },
            network, _clock, new FakeTimeProvider(), new Random(), NullLogger.Instance);
        engine.Start();
        return engine;
    }

    private RtpLeg Start(MediaEngine engine, MixRoom room)
    {
        var leg = engine.TryOpenLeg(Host, this)!;
        leg.Start(
            new RtpLegParameters
            {
                SendFormat = new RtpFormat(8, PcmaCodec.Instance),
                ReceiveFormats = [new RtpFormat(8, PcmaCodec.Instance)],
                Remote = new IPEndPoint(Host, 4000),
            },
            room);
        return leg;
    }

    [StructLayout(LayoutKind.Sequential)]
    private record struct Limit
    {
        public nuint Soft;
        public nuint Hard;
    }

    /// <summary>A network in memory whose binds may take for ever.</summary>
    private sealed class HangingNetwork : IMediaNetwork, IDisposable
    {
        private readonly InMemoryMediaNetwork _network = new(1);
        private readonly ManualResetEventSlim _released = new();

        public bool IsHanging { get; set; }

        public ManualResetEventSlim Entered { get; } = new();

        public MediaBindResult Bind(IPAddress address, int port, out IMediaSocket? socket)
        {
            if (IsHanging)
            {
                Entered.Set();
                _released.Wait();
            }

            return _network.Bind(address, port, out socket);
        }

        public void Release() => _released.Set();

        public void Dispose()
        {
            _released.Dispose();
            Entered.Dispose();
        }
    }
}
