using System.Net;
using Atm0s.Sip.Media.Clock;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.Media.Dtmf;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Net;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.Media.Tests.Net;
using Atm0s.Sip.TestKit.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Atm0s.Sip.Media.Tests.Engine;

/// <summary>Thousands of calls that were answered and never acknowledged must not take the time of those that are.</summary>
public sealed class SleepingLegTests : IRtpLegObserver
{
    private const int Count = 1000;
    private static readonly IPAddress Local = IPAddress.Parse("10.0.0.1");
    private static readonly IPEndPoint Phone = new(IPAddress.Parse("192.0.2.5"), 4000);

    private readonly ManualMediaClock _clock = new();
    private readonly InMemoryMediaNetwork _network = new(1);
    private readonly List<RtpLeg> _legs = [];
    private CountingNetwork _counted = null!;
    private MediaEngine _engine = null!;
    private MixRoom _room = null!;
    private int _timeouts;

    [SetUp]
    public void SetUp()
    {
        _timeouts = 0;
        _legs.Clear();
        _counted = new CountingNetwork(_network);
        _engine = new MediaEngine(
            new MediaEngineOptions { FirstPort = 20000, LastPort = 20000 + (2 * Count) - 1, LegTimeout = TimeSpan.FromSeconds(30) },
            _counted, _clock, new FakeTimeProvider(), new Random(1), NullLogger.Instance);
        _engine.Start();
        _room = _engine.CreateRoom("room");
        for (var i = 0; i < Count; i++)
        {
            var leg = _engine.TryOpenLeg(Local, this)!;
            leg.Start(Parameters, _room);
            _legs.Add(leg);
        }

        Run(5);
    }

    [TearDown]
    public void TearDown() => _engine.Dispose();

    [Test]
    public void LegsThatNobodyConfirms_AreLookedAtTwiceASecond()
    {
        var before = _counted.Receives;
        Run(1);
        Assert.That(_counted.Receives - before, Is.InRange(2 * Count, 5 * Count), "RTP and RTCP");
        Assert.That(_room.MemberCount, Is.EqualTo(Count), "members all the same");
    }

    [Test]
    public void Confirmation_WakesAtOnce()
    {
        _legs[17].Confirm();
        Run(0.02);
        Assert.That(_legs[17].GetStatistics().PacketsSent, Is.EqualTo(LegTransport.MaxUnasked + 1));
        Run(1);
        Assert.That(_legs[17].GetStatistics().PacketsSent, Is.EqualTo(LegTransport.MaxUnasked + 51));
        Assert.That(_legs[18].GetStatistics().PacketsSent, Is.EqualTo(LegTransport.MaxUnasked));
    }

    [Test]
    public void PacketOfThePhone_WakesWithinHalfASecond()
    {
        Assert.That(_network.TryBind(Phone.Address, Phone.Port, out var phone));
        var packet = new byte[172];
        RtpHeader.Write(packet, 8, false, 1, 160, 7);
        phone!.SendTo(packet, MediaAddress.From(_legs[400].LocalEndPoint));
        Run(0.52);
        Assert.That(_legs[400].GetStatistics().PacketsReceived, Is.EqualTo(1));
        Run(1);
        Assert.That(_legs[400].GetStatistics().PacketsSent, Is.GreaterThan(LegTransport.MaxUnasked + 50));
    }

    [Test]
    public void Close_FreesThePortsAtOnce()
    {
        foreach (var leg in _legs.Skip(900))
            leg.Close();
        Run(0.04);
        Assert.That((_engine.PortPairsInUse, _room.MemberCount), Is.EqualTo((900, 900)));
        _room.Close();
        Run(0.04);
        Assert.That(_engine.PortPairsInUse, Is.Zero);
    }

    [Test]
    public void Move_TakesASleeperAlong()
    {
        var other = _engine.CreateRoom("other");
        foreach (var leg in _legs.Take(10))
            Assert.That(leg.MoveTo(other), Is.True);
        Run(0.1);
        Assert.That((other.MemberCount, _room.MemberCount), Is.EqualTo((10, Count - 10)));
        _legs[0].Confirm();
        Run(0.04);
        Assert.That(_legs[0].GetStatistics().PacketsSent, Is.GreaterThan(LegTransport.MaxUnasked));
    }

    [Test]
    public void Update_WakesAtOnce()
    {
        _legs[3].Update(Parameters with { Remote = new IPEndPoint(Phone.Address, 4002) });
        Run(0.02);
        Assert.That(_legs[3].GetStatistics().Remote, Is.EqualTo(new IPEndPoint(Phone.Address, 4002)));
    }

    [Test]
    public void Silence_IsNoticedAsleep()
    {
        Run(24);
        Assert.That(_timeouts, Is.Zero);
        Run(2);
        Assert.That(_timeouts, Is.EqualTo(Count));
    }

    void IRtpLegObserver.OnLatched(IPEndPoint source)
    {
    }

    void IRtpLegObserver.OnMediaTimeout() => Interlocked.Increment(ref _timeouts);

    void IRtpLegObserver.OnDtmf(DtmfEvent e)
    {
    }

    private static RtpLegParameters Parameters { get; } = new()
    {
        SendFormat = new RtpFormat(8, PcmaCodec.Instance),
        ReceiveFormats = [new RtpFormat(8, PcmaCodec.Instance)],
        Remote = Phone,
    };

    private void Run(double seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));
}
