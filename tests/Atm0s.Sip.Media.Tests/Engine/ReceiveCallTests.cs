using System.Net;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.Media.Tests.Clock;
using Atm0s.Sip.Media.Tests.Net;
using Atm0s.Sip.TestKit.Net;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Media.Tests.Engine;

/// <summary>How often a tick asks the system for datagrams, and what becomes of those that it does not ask for at once.</summary>
public sealed class ReceiveCallTests
{
    private static readonly IPEndPoint Phone = new(IPAddress.Parse("10.0.0.2"), 4000);

    private readonly ManualMediaClock _clock = new();
    private ushort _sequence;

    [TestCase(10), TestCase(20), TestCase(40)]
    public void SteadyStream_NeedsOneCallForEachPacket_AndFewMore(int packetTime)
    {
        using var world = new World(_clock);
        Run(world, 100, packetTime);
        world.Network.Receives = 0;
        Run(world, 500, packetTime);

        // One for each packet, or to see that there is none; a second one in every fifth tick; and RTCP in every fifth.
        var calls = Math.Max(500, 500.0 * 20 / packetTime) + (500 * 0.45);
        Assert.That(world.Network.Receives, Is.LessThanOrEqualTo(calls), "RTP and RTCP together");
        var statistics = world.Leg.GetStatistics();
        Assert.That(statistics.PacketsReceived, Is.EqualTo(600.0 * 20 / packetTime).Within(5));
        Assert.That(statistics.ConcealedAudio, Is.LessThanOrEqualTo(TimeSpan.FromMilliseconds(20)));
    }

    [Test]
    public void WhatWaitedInAStall_IsReadWithinATenthOfASecond()
    {
        using var world = new World(_clock);
        Run(world, 100, 20);
        for (var i = 0; i < 15; i++)
            Send(world, 20);
        Run(world, 5, 20);

        Assert.That(world.Leg.GetStatistics().PacketsReceived, Is.EqualTo(120).Within(2));
    }

    private void Run(World world, int ticks, int packetTime)
    {
        for (var i = 0; i < ticks; i++)
        {
            for (var k = 0; k < Math.Max(1, 20 / packetTime); k++)
            {
                if (packetTime <= 20 || i % (packetTime / 20) == 0)
                    Send(world, packetTime);
            }

            _clock.Advance(MediaClock.Period);
        }
    }

    private void Send(World world, int packetTime)
    {
        var packet = new byte[RtpHeader.Length + (packetTime * 8)];
        RtpHeader.Write(packet, 8, false, _sequence, (uint)(_sequence * packetTime * 8), 7);
        packet.AsSpan(RtpHeader.Length).Fill(0x55);
        _sequence++;
        world.Socket.SendTo(packet, MediaAddress.From(world.Leg.LocalEndPoint));
    }

    private sealed class World : IDisposable
    {
        private readonly MediaEngine _engine;

        public World(ManualMediaClock clock)
        {
            var network = new InMemoryMediaNetwork(1, clock);
            Network = new CountingNetwork(network);
            _engine = new MediaEngine(
                new MediaEngineOptions { FirstPort = 20_000, LastPort = 20_099 }, Network, clock, TimeProvider.System, new Random(1),
                NullLogger.Instance);
            _engine.Start();
            network.TryBind(Phone.Address, Phone.Port, out var socket);
            Socket = socket!;
            Leg = _engine.TryOpenLeg(MediaWorldHost, new Nobody())!;
            Leg.Start(
                new RtpLegParameters
                {
                    SendFormat = new RtpFormat(8, PcmaCodec.Instance),
                    ReceiveFormats = [new RtpFormat(8, PcmaCodec.Instance)],
                    Remote = Phone,
                    SignallingAddress = Phone.Address,
                },
                _engine.CreateRoom("room"));
            Leg.Confirm();
            clock.Advance(MediaClock.Period);
        }

        private static IPAddress MediaWorldHost { get; } = IPAddress.Parse("10.0.0.1");

        public CountingNetwork Network { get; }

        public IMediaSocket Socket { get; }

        public RtpLeg Leg { get; }

        public void Dispose()
        {
            _engine.Dispose();
            Socket.Dispose();
        }
    }
}
