using System.Net;
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

/// <summary>An address that only an SDP has named may be a victim's.</summary>
public sealed class UnconfirmedLegTests : IRtpLegObserver
{
    private readonly ManualMediaClock _clock = new();
    private readonly InMemoryMediaNetwork _network = new(1);
    private MediaEngine _engine = null!;
    private IMediaSocket _rtp = null!;
    private IMediaSocket _rtcp = null!;

    [SetUp]
    public void SetUp()
    {
        _engine = new MediaEngine(
            new MediaEngineOptions { FirstPort = 20000, LastPort = 20099, LegTimeout = TimeSpan.Zero },
            _network, _clock, new FakeTimeProvider(), new Random(1), NullLogger.Instance);
        _engine.Start();
    }

    [TearDown]
    public void TearDown()
    {
        _engine.Dispose();
        _rtp?.Dispose();
        _rtcp?.Dispose();
    }

    [Test]
    public void AddressThatNobodyHasAnsweredFrom_GetsFiveDatagrams_RtpAndRtcpTogether([Values] bool rtcpMux)
    {
        var leg = Start("192.0.2.5", 4000, rtcpMux);
        Run(60);
        Assert.That(Received(), Is.EqualTo(LegTransport.MaxUnasked));
        leg.Update(Parameters("192.0.2.5", 4000, rtcpMux) with { IsOnHold = true });
        leg.Update(Parameters("192.0.2.5", 4002, rtcpMux));
        leg.Update(Parameters("192.0.2.5", 4000, rtcpMux));
        Run(60);
        leg.Close();
        Run(1);
        Assert.That(Received(), Is.Zero, "nor ever again");
    }

    [Test]
    public void ConfirmedCall_GetsAll([Values] bool beforeTheStart)
    {
        var leg = Start("192.0.2.5", 4000, confirm: beforeTheStart);
        Run(2);
        Assert.That(_network.OpenSockets, Is.EqualTo(4));
        if (!beforeTheStart)
            leg.Confirm();
        var before = Received();
        Run(2);
        Assert.That(Received(), Is.InRange(100, 102));
        Assert.That(before, beforeTheStart ? Is.GreaterThan(99) : Is.EqualTo(LegTransport.MaxUnasked));
    }

    [Test]
    public void WhatWasHeldBack_IsNoLossToThePhone()
    {
        var leg = Start("192.0.2.5", 4000);
        Run(1);
        leg.Confirm();
        Run(1);
        var (buffer, packets) = (new byte[2048], new List<(ushort Sequence, uint Timestamp)>());
        while (_rtp.Receive(buffer, out var datagram) != MediaReceive.None)
        {
            Assert.That(RtpPacketView.TryParse(buffer.AsSpan(0, datagram.Length), out var packet));
            packets.Add((packet.SequenceNumber, packet.Timestamp));
        }

        Assert.That(packets.Zip(packets.Skip(1), (a, b) => (ushort)(b.Sequence - a.Sequence)), Has.All.EqualTo(1), "no gap");
        Assert.That(packets[^1].Timestamp - packets[0].Timestamp, Is.InRange(98 * 160u, 100 * 160u), "the time that has passed");
    }

    [Test]
    public void PhoneThatSpeaks_GetsAll()
    {
        var leg = Start("192.0.2.5", 4000);
        Run(2);
        var packet = new byte[172];
        RtpHeader.Write(packet, 8, false, 1, 160, 7);
        _rtp.SendTo(packet, MediaAddress.From(leg.LocalEndPoint));
        Run(0.1);
        Received();
        Run(2);
        Assert.That(Received(), Is.InRange(99, 102));
    }

    [Test]
    public void LegThatIsHeldBack_RestsMostTicks_AndIsAwakeAtOnceWithTheConfirmation()
    {
        var leg = Start("192.0.2.5", 4000);
        Run(2);
        var packet = new byte[172];
        RtpHeader.Write(packet, 8, false, 1, 160, 7);
        var ticks = 0;
        for (_rtp.SendTo(packet, MediaAddress.From(leg.LocalEndPoint)); leg.GetStatistics().PacketsReceived == 0; ticks++)
            Run(0.02);
        Assert.That(ticks, Is.InRange(2, 5));

        var other = _engine.TryOpenLeg(IPAddress.Parse("10.0.0.1"), this)!;
        other.Start(Parameters("192.0.2.6", 4000, rtcpMux: false), _engine.CreateRoom("other"));
        Run(2);
        var before = other.GetStatistics().PacketsSent;
        other.Confirm();
        Run(0.02);
        Assert.That(other.GetStatistics().PacketsSent, Is.EqualTo(before + 1));
    }

    [TestCase("224.0.0.1", 4000)]
    [TestCase("239.1.2.3", 4000)]
    [TestCase("255.255.255.255", 4000)]
    [TestCase("240.0.0.1", 4000)]
    [TestCase("0.0.0.0", 4000)]
    [TestCase("0.1.2.3", 4000)]
    [TestCase("169.254.169.254", 4000)]
    [TestCase("192.0.2.5", 1022)]
    [TestCase("192.0.2.5", 53)]
    public void AddressThatIsNobodysPhone_GetsNothing_EvenConfirmed(string host, int port)
    {
        Start(host, port, confirm: true);
        Run(10);
        Assert.That(Received(), Is.Zero);
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

    private static RtpLegParameters Parameters(string host, int port, bool rtcpMux)
    {
        var remote = new IPEndPoint(IPAddress.Parse(host), port);
        return new()
        {
            SendFormat = new RtpFormat(8, PcmaCodec.Instance),
            ReceiveFormats = [new RtpFormat(8, PcmaCodec.Instance)],
            Remote = remote,
            RemoteRtcp = rtcpMux ? remote : null,
        };
    }

    private RtpLeg Start(string host, int port, bool rtcpMux = false, bool confirm = false)
    {
        var address = IPAddress.Parse(host);
        Assert.That(_network.TryBind(address, port, out var rtp) & _network.TryBind(address, port + 1, out var rtcp));
        (_rtp, _rtcp) = (rtp!, rtcp!);
        var leg = _engine.TryOpenLeg(IPAddress.Parse("10.0.0.1"), this)!;
        if (confirm)
            leg.Confirm();
        leg.Start(Parameters(host, port, rtcpMux), _engine.CreateRoom("room"));
        return leg;
    }

    private int Received()
    {
        var buffer = new byte[2048];
        var count = 0;
        foreach (var socket in new[] { _rtp, _rtcp })
        {
            while (socket.Receive(buffer, out _) != MediaReceive.None)
                count++;
        }

        return count;
    }

    private void Run(double seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));
}
