using System.Net;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Rtp;
using Microsoft.Extensions.Logging.Abstractions;

namespace Atm0s.Sip.Media.Tests.Mixing;

/// <summary>What a leg costs while it lives: over sockets that cost next to nothing, so that only what is ours counts.</summary>
[NonParallelizable]
public sealed class LegMemoryTests
{
    private const int Legs = 200;

    [Test]
    public void LegThatNeverHears_KeepsNoBuffersForIt() => Assert.That(BytesOfALeg(talks: false), Is.LessThan(10 * 1024));

    [Test]
    public void G711Leg_IsSmall_AndHasNoLargeObject() => Assert.That(BytesOfALeg(talks: true), Is.LessThan(60 * 1024));

    private static long BytesOfALeg(bool talks)
    {
        var network = new SilentNetwork();
        var clock = new ManualMediaClock();
        using var engine = new MediaEngine(
            new MediaEngineOptions { FirstPort = 20_000, LastPort = 40_000, LegTimeout = TimeSpan.Zero },
            network, clock, TimeProvider.System, new Random(1), NullLogger.Instance);
        engine.Start();
        var room = engine.CreateRoom("room");
        var legs = new List<RtpLeg>(2 * Legs);
        Add(20);
        Talk(20);
        var (before, largeBefore) = Measure();
        Add(Legs);
        Talk(100);
        var (after, largeAfter) = Measure();
        GC.KeepAlive(legs);
        TestContext.Out.WriteLine($"{(after - before) / Legs} bytes");
        Assert.That(largeAfter, Is.LessThanOrEqualTo(largeBefore), "no array of 85,000 bytes or more");
        return (after - before) / Legs;

        void Add(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var leg = engine.TryOpenLeg(IPAddress.Loopback, new Nobody())!;
                leg.Start(
                    new RtpLegParameters
                    {
                        SendFormat = new RtpFormat(8, PcmaCodec.Instance),
                        ReceiveFormats = [new RtpFormat(8, PcmaCodec.Instance), new RtpFormat(0, PcmuCodec.Instance)],
                        Remote = SilentNetwork.Peer,
                        SendEvents = new RtpEventFormat(101, 8000),
                        ReceiveEvents = [new RtpEventFormat(101, 8000)],
                    },
                    room);
                leg.Confirm();
                legs.Add(leg);
            }
        }

        void Talk(int ticks)
        {
            for (var i = 0; i < ticks; i++)
            {
                if (talks)
                    network.Next();
                clock.Advance(MediaClock.Period);
            }

            if (talks)
                Assert.That(legs.Select(l => l.GetStatistics().PacketsReceived), Has.All.GreaterThanOrEqualTo(ticks - 1), "they are in use");
        }
    }

    private static (long Bytes, long Large) Measure()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return (GC.GetTotalMemory(true), GC.GetGCMemoryInfo(GCKind.FullBlocking).GenerationInfo[3].SizeAfterBytes);
    }

    private sealed class Nobody : IRtpLegObserver
    {
        public void OnLatched(IPEndPoint source)
        {
        }

        public void OnMediaTimeout()
        {
        }

        public void OnDtmf(Media.Dtmf.DtmfEvent e)
        {
        }
    }

    /// <summary>Every RTP socket hears the same packet once a tick.</summary>
    private sealed class SilentNetwork : IMediaNetwork
    {
        private int _packet;

        public static IPEndPoint Peer { get; } = new(IPAddress.Loopback, 4000);

        public void Next() => _packet++;

        public MediaBindResult Bind(IPAddress address, int port, out IMediaSocket? socket)
        {
            socket = new SilentSocket(this, new IPEndPoint(address, port));
            return MediaBindResult.Bound;
        }

        private sealed class SilentSocket(SilentNetwork network, IPEndPoint local) : IMediaSocket
        {
            private int _heard = network._packet;

            public IPEndPoint LocalEndPoint => local;

            public MediaReceive Receive(Span<byte> buffer, out MediaDatagram datagram)
            {
                datagram = default;
                if (_heard == network._packet || local.Port % 2 != 0)
                    return MediaReceive.None;
                _heard = network._packet;
                RtpHeader.Write(buffer, 8, false, (ushort)_heard, (uint)_heard * 160, 7);
                buffer.Slice(12, 160).Fill((byte)(_heard * 31));
                datagram = new MediaDatagram(172, MediaAddress.From(Peer), TimeSpan.Zero);
                return MediaReceive.Datagram;
            }

            public bool Send(ReadOnlySpan<byte> datagram) => true;

            public bool SendTo(ReadOnlySpan<byte> datagram, MediaAddress destination) => true;

            public void Connect(MediaAddress peer)
            {
            }

            public void Disconnect()
            {
            }

            public bool TrySetDscp(int dscp) => true;

            public void Dispose()
            {
            }
        }
    }
}
