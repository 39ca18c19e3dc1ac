using System.Net;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Defence;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Signalling;

namespace Atm0s.Sip.Tests.Defence;

/// <summary>Who offends again and again is dropped, where the host wants it, and nobody for what others send in his name.</summary>
[SingleThreaded]
public sealed class OffenderTests
{
    private LogLines _log = null!;
    private SignallingWorld _all = null!;

    [SetUp]
    public void SetUp() => _log = new LogLines();

    [TearDown]
    public async Task TearDown()
    {
        await _all.DisposeAsync();
        _log.Dispose();
    }

    [Test]
    public void WrongPasswords_AreTheEnd_ForATime()
    {
        Start(10);
        for (var i = 0; i < 10; i++)
            _all.Stranger.Register(password: "guess", callId: "g" + i);
        Assert.That(_log.Of(2038), Is.EqualTo(new[] { "Warning Offender at 10.66.6.6 dropped for 00:10:00" }));
        Assert.That(Answers("OPTIONS"), Is.Zero);
        Assert.That(_all.Alice.Register().Status, Is.EqualTo(200), "others");
        _all.World.Advance(TimeSpan.FromMinutes(10));
        Assert.That(Answers("OPTIONS"), Is.EqualTo(1));
    }

    [Test]
    public void RightPassword_ForgivesAll()
    {
        Start(5);
        for (var i = 0; i < 20; i++)
        {
            _all.Stranger.Register(password: i % 4 == 3 ? null : "guess", callId: "g" + i);
            if (i % 4 == 3)
                _all.Stranger.Register(expires: 0, callId: "g" + i);
        }

        Assert.That(_log.Of(2038), Is.Empty);
    }

    [Test]
    public void PhoneThatIsRegistered_IsNotDropped_ForOthersAtItsAddress()
    {
        Start(5);
        _all.Alice.Register();
        for (var i = 0; i < 8; i++)
            new ScriptedPhone(_all.World, "old" + i, "10.0.2.1", 6000 + i).Register(password: "old", callId: "old" + i);
        Assert.That(_all.Alice.Register(callId: "again").Status, Is.EqualTo(200));
    }

    [TestCase(SipTransportProtocol.Tcp, 0)]
    [TestCase(SipTransportProtocol.Udp, 1)]
    public void Scanner_IsAnOffender_WhereItsSourceIsVerified(SipTransportProtocol protocol, int answers)
    {
        Start(5);
        var scanner = new ScriptedPhone(_all.World, "s", "10.66.6.7", protocol: protocol);
        for (var i = 0; i < 5; i++)
            scanner.Send(scanner.Request("OPTIONS", "1", "s" + i, extra: "User-Agent: sipcli\r\n"));
        scanner.Send(scanner.Request("OPTIONS", "1", "plain"));
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        Assert.That(scanner.Received, Has.Count.EqualTo(answers));
    }

    [Test]
    public void ByDefault_NobodyIsDropped()
    {
        Start(0);
        for (var i = 0; i < 40; i++)
            _all.Stranger.Register(password: "guess", callId: "g" + i);
        Assert.That(Answers("OPTIONS"), Is.EqualTo(1));
    }

    [Test]
    public void WhatIsRemembered_IsBounded()
    {
        Start(0);
        var offenders = new Offenders(new DefenceOptions { MaxOffencesPerSource = 2 });
        for (var i = 0; i < 70_000; i++)
            offenders.Add(new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]), TimeSpan.FromSeconds(1));
        Assert.That(offenders.Count, Is.EqualTo(65_536));
        Assert.That(offenders.Add(new IPAddress([10, 1, 17, 111]), TimeSpan.FromSeconds(2)), Is.True);
        Assert.That(offenders.IsDropped(SourceKey.Of(new IPAddress([10, 1, 17, 111])), TimeSpan.FromMinutes(5)), Is.True);
    }

    private void Start(int max) => _all = new SignallingWorld(options => options.Defence.MaxOffencesPerSource = max, _log);

    private int Answers(string method)
    {
        _all.Stranger.Received.Clear();
        _all.Stranger.Send(_all.Stranger.Request(method, "1", "a" + _all.World.Time.GetUtcNow().Ticks));
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        return _all.Stranger.Received.Count;
    }
}
