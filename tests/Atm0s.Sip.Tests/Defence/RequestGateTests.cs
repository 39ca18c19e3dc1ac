using System.Diagnostics.Metrics;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Signalling;

namespace Atm0s.Sip.Tests.Defence;

/// <summary>One source has its share of us, and who is known is not held to it.</summary>
[SingleThreaded]
public sealed class RequestGateTests
{
    private SignallingWorld _all = null!;

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void OfficeOfAThousandPhones_ThatComesBackAtOnce_LosesNothing()
    {
        _all = new SignallingWorld();
        var phones = Enumerable.Range(0, 1000).Select(i => new ScriptedPhone(_all.World, "u" + i, "10.5.5.5", 10_000 + i)).ToList();
        foreach (var phone in phones)
        {
            // Each repeats what it has sent, for the answer is late.
            var register = phone.Request("REGISTER", null, "r" + phone.User, extra: phone.Contact());
            phone.Send(register);
            phone.Send(register);
        }

        _all.World.RunUntil(() => phones.TrueForAll(p => p.Received.Count >= 2));
        foreach (var phone in phones)
        {
            var authorization = phone.Authorize(phone.Received[0], "REGISTER", "sip:test.local");
            phone.Send(phone.Request("REGISTER", null, "r" + phone.User, extra: phone.Contact() + authorization));
        }

        _all.World.RunUntil(() => phones.TrueForAll(p => p.Received.Exists(m => m.Status == 200)));
        Assert.That(_all.Server.Registrations, Has.Count.EqualTo(1000));
    }

    [Test]
    public void StrangerWhoFloods_IsAnsweredForItsShare_AndNobodyElsePays()
    {
        _all = new SignallingWorld();
        Flood(_all.Stranger, 10_000);
        Assert.That(_all.Stranger.Received, Has.Count.EqualTo(4000));
        Assert.That(_all.Alice.Register().Status, Is.EqualTo(200));
        _all.Answered();

        _all.Stranger.Received.Clear();
        _all.World.Advance(TimeSpan.FromSeconds(2));
        Flood(_all.Stranger, 1000);
        Assert.That(_all.Stranger.Received, Has.Count.InRange(400, 440), "200 a second");
    }

    [Test]
    public void WhatOthersSendInANameOverUdp_TakesNothingFromWhoSpeaksOverAConnection_OrHasTheNonce()
    {
        _all = new SignallingWorld(options =>
        {
            options.Listen(SipTransportProtocol.Tcp, VirtualWorld.ServerEndPoint);
            options.Defence.MaxBurstPerSource = 10;
        });
        var bob = new ScriptedPhone(_all.World, "bob", "10.66.6.7", 5062);
        bob.Send(bob.Request("REGISTER", null, "bob-registers", extra: bob.Contact()));
        var challenge = bob.WaitFor(m => m.Status == 401);
        var carol = new ScriptedPhone(_all.World, "carol", "10.66.6.7", 5064, protocol: SipTransportProtocol.Tcp);
        // Forged: the answers go to where the name is, not to who sent them.
        var forger = new ScriptedPhone(_all.World, "forger", "10.66.6.7", 5066);
        Flood(forger, 100);
        Assert.That(forger.Received, Has.Count.LessThan(20));

        Flood(carol, 5);
        Assert.That(carol.Received.Count(m => m.Status == 200), Is.EqualTo(5), "over a connection");
        var authorization = bob.Authorize(challenge, "REGISTER", "sip:test.local");
        bob.Send(bob.Request("REGISTER", null, "bob-registers", extra: bob.Contact() + authorization));
        Assert.That(bob.WaitFor(m => m.Status is 200 or 503).Status, Is.EqualTo(200), "with a nonce that only this address has");
    }

    [Test]
    public void Connection_IsToldToComeBackLater()
    {
        _all = new SignallingWorld(options =>
        {
            options.Listen(SipTransportProtocol.Tcp, VirtualWorld.ServerEndPoint);
            options.Defence.MaxBurstPerSource = 10;
        });
        var stranger = new ScriptedPhone(_all.World, "stranger", "10.66.6.7", protocol: SipTransportProtocol.Tcp);
        Flood(stranger, 30);
        Assert.That(stranger.Received.Count(m => m.Status == 200), Is.EqualTo(10));
        Assert.That(stranger.Received.Count(m => m.Status == 503 && m["Retry-After"].Length > 0), Is.EqualTo(20));
    }

    [TestCase("registered")]
    [TestCase("in a call")]
    [TestCase("trusted")]
    [TestCase("trunk")]
    public void SourceThatIsKnown_IsNotHeldToIt(string how)
    {
        _all = new SignallingWorld(options =>
        {
            options.Defence.MaxBurstPerSource = 20;
            options.Defence.MaxRequestsPerSecondPerSource = 1;
            if (how == "trusted")
                options.Access.Trust("10.0.2.0/24");
            if (how == "trunk")
                options.Trunks.Add(new TrunkOptions { Name = "carrier", Server = "sip:10.0.2.1" });
        });
        if (how == "registered")
            _all.Alice.Register();
        if (how == "in a call")
            _all.Answered();
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        _all.Alice.Received.Clear();
        // Somebody sends in the name of its address, and it goes on.
        Flood(_all.Alice, 300);
        Assert.That(_all.Alice.Received, Has.Count.EqualTo(300));
        if (how == "registered")
            Assert.That(_all.Alice.Register(callId: "again").Status, Is.EqualTo(200));
    }

    [Test]
    public void SourceWhoseCallIsOver_IsAStrangerAgain()
    {
        _all = new SignallingWorld(options =>
        {
            options.Defence.MaxBurstPerSource = 20;
            options.Defence.MaxRequestsPerSecondPerSource = 1;
        });
        var (invite, ok) = _all.Answered();
        _all.Alice.InDialog("BYE", invite, ok);
        _all.Alice.WaitForResponse("BYE", 200);
        _all.Alice.Register();
        _all.Alice.Register(expires: 0);
        Assert.That(_all.Server.Parts.Live.Count, Is.Zero);
        _all.Alice.Received.Clear();
        Flood(_all.Alice, 300);
        Assert.That(_all.Alice.Received, Has.Count.InRange(10, 20));
    }

    [Test]
    public void WhatClaimsToBelongToADialog_HasAShareOfItsOwn()
    {
        _all = new SignallingWorld(options => options.Defence.MaxBurstPerSource = 20);
        Flood(_all.Stranger, 50);
        _all.Stranger.Received.Clear();
        for (var i = 0; i < 50; i++)
            _all.Stranger.Send(Request("BYE", "b" + i, ";tag=x"));
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        Assert.That(_all.Stranger.Received.Count(m => m.Status == 481), Is.EqualTo(20));
        Assert.That(_all.Stranger.Received, Has.Count.EqualTo(20), "over UDP the rest hears nothing");
    }

    [Test]
    public void IPv6Network_IsOneSource()
    {
        var (one, two) = (
            SourceKey.Of(System.Net.IPAddress.Parse("2001:db8::1")), SourceKey.Of(System.Net.IPAddress.Parse("2001:db8::f:2")));
        Assert.That(one, Is.EqualTo(two));
        Assert.That(SourceKey.Of(System.Net.IPAddress.Parse("2001:db8:0:1::1")), Is.Not.EqualTo(one));
        Assert.That(SourceKey.Of(System.Net.IPAddress.Parse("::ffff:192.0.2.1")), Is.EqualTo(SourceKey.Of(new([192, 0, 2, 1]))));
        Assert.That(SourceKey.Of(System.Net.IPAddress.Parse("::c000:201")), Is.Not.EqualTo(SourceKey.Of(new([192, 0, 2, 1]))));
    }

    [Test]
    public void WhatIsBeyond_IsCounted()
    {
        var counted = new Dictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, owner) =>
        {
            if (instrument.Name == "atm0s.sip.limits")
                owner.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            lock (counted)
                counted[(string)tags[0].Value!] = counted.GetValueOrDefault((string)tags[0].Value!) + value;
        });
        listener.Start();
        _all = new SignallingWorld(options => options.Defence.MaxBurstPerSource = 10);
        Flood(_all.Stranger, 25);
        Assert.That(counted.GetValueOrDefault("source"), Is.GreaterThanOrEqualTo(15));
    }

    [Test]
    public void ZeroMeansNoLimit()
    {
        _all = new SignallingWorld(options => options.Defence.MaxRequestsPerSecondPerSource = 0);
        Flood(_all.Stranger, 6000);
        Assert.That(_all.Stranger.Received, Has.Count.EqualTo(6000));
    }

    private void Flood(ScriptedPhone phone, int count)
    {
        for (var i = 0; i < count; i++)
            phone.Send(Request("OPTIONS", $"{phone.Received.Count}-{i}"));
        _all.World.Advance(TimeSpan.FromMilliseconds(50));

    }

    private static string Request(string method, string id, string toTag = "") =>
        $"{method} sip:x@test.local SIP/2.0\r\nVia: SIP/2.0/UDP 10.66.6.6:5060;branch=z9hG4bK{id};rport\r\nMax-Forwards: 70\r\n"
        + $"From: <sip:a@b>;tag=1\r\nTo: <sip:x@test.local>{toTag}\r\nCall-ID: {id}\r\nCSeq: 1 {method}\r\nContent-Length: 0\r\n\r\n";
}
