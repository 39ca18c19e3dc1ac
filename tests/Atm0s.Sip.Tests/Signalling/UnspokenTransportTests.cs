using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>What asks for TLS, WebSocket or SCTP is refused, and never sent in the clear (RFC 3261 §26.2.2, RFC 3263 §4.1).</summary>
[SingleThreaded]
public sealed class UnspokenTransportTests
{
    private VirtualWorld _world = null!;
    private TestHost _host = null!;
    private SipServer _server = null!;
    private ScriptedPhone _alice = null!;
    private ScriptedPhone _peer = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _host = new TestHost();
        _server = _world.StartServer(_host.Handlers);
        _alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
        _peer = new ScriptedPhone(_world, "peer", "10.0.3.1");
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [TestCase("sip:10.0.3.1;transport=tls")]
    [TestCase("sip:10.0.3.1;transport=TLS")]
    [TestCase("sip:10.0.3.1;transport=ws")]
    [TestCase("sip:10.0.3.1;transport=wss")]
    [TestCase("sip:10.0.3.1;transport=sctp")]
    [TestCase("sip:10.0.3.1;transport=tls-sctp")]
    [TestCase("sips:10.0.3.1")]
    public void Trunk_IsRefusedWithASentence(string server)
    {
        var trunk = new TrunkOptions { Name = "c", Server = server, Register = true, Credentials = new SipCredentials("acct", "pw") };
        Assert.That(() => _server.AddTrunkAsync(trunk), Throws.ArgumentException.With.Message.Contains("not spoken here"));
        Assert.That(
            () => _world.StartServer(_host.Handlers, o => o.Trunks.Add(trunk)),
            Throws.InstanceOf<SipStartException>().With.Message.Contains("not spoken here"));
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_peer.Received, Is.Empty);
    }

    [TestCase("sip:1@10.0.3.1;transport=tls")]
    [TestCase("sip:1@10.0.3.1;transport=ws")]
    [TestCase("sips:1@10.0.3.1")]
    [TestCase("tel:+4930123")]
    [TestCase("sip:1@10.0.3.1?Subject=x")]
    public void CallServer_IsRefusedWithASentence(string target)
    {
        Assert.That(
            async () => await _server.CallServerAsync("room1", target, "1"), Throws.ArgumentException.With.Message.Contains(target));
        _world.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_peer.Received, Is.Empty);
    }

    [TestCase("sip:alice@10.0.2.1;transport=tls", 400)]
    [TestCase("sip:alice@10.0.2.1;transport=ws", 400)]
    [TestCase("sip:alice@df7jal23ls0d.invalid;transport=wss", 400)]
    [TestCase("sips:alice@10.0.2.1", 416)]
    public void ContactOfARegister_IsRefused(string contact, int status)
    {
        var answer = _alice.Register(contact: $"Contact: <{contact}>\r\n");
        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(answer.StartLine, Does.Contain("transport that is not spoken here"));
        Assert.That(_server.Registrations, Is.Empty);
    }

    [TestCase("Contact: <sip:alice@10.0.2.1;transport=tls>\r\n", 400)]
    [TestCase("Contact: <sips:alice@10.0.2.1>\r\n", 400)]
    [TestCase("Record-Route: <sip:10.0.3.1;transport=tls;lr>\r\nContact: <sip:alice@10.0.2.1>\r\n", 400)]
    [TestCase("Record-Route: <sips:10.0.3.1;lr>\r\nContact: <sip:alice@10.0.2.1>\r\n", 400)]
    // The proxy takes over what the phone speaks.
    [TestCase("Record-Route: <sip:10.0.3.1;lr>, <sip:10.0.3.1:5061;transport=tls;lr>\r\nContact: <sips:alice@10.0.2.1>\r\n", 200)]
    public void WhereACallWouldBeAnswered_IsLookedAt(string headers, int status)
    {
        _alice.Send(_alice.Request("INVITE", "room1", "c1", _alice.Sdp, headers));
        if (status == 200)
        {
            var challenge = _alice.WaitForResponse("INVITE", 401);
            _alice.Send(_alice.Request(
                "INVITE", "room1", "c1", _alice.Sdp, headers + _alice.Authorize(challenge, "INVITE", "sip:room1@test.local")));
        }

        Assert.That(_alice.WaitFor(m => m.IsResponse && m.Status is >= 200 and not 401).Status, Is.EqualTo(status));
    }

    [Test]
    public void RefreshWhoseContactIsNotSpoken_IsRefused_AndTheCallGoesOn(
        [Values("INVITE", "UPDATE")] string method, [Values("sips:alice@10.0.2.1", "sip:alice@10.0.2.1;transport=tls")] string contact)
    {
        var invite = _alice.Invite("room1", "c1");
        var ok = _alice.WaitForResponse("INVITE", 200);
        _alice.Ack(invite, ok);
        _alice.Received.Clear();
        _alice.Send(
            $"{method} {ok.ContactUri} SIP/2.0\r\nVia: SIP/2.0/UDP {_alice.Address};branch=z9hG4bKre;rport\r\nMax-Forwards: 70\r\n"
            + $"From: {invite["From"]}\r\nTo: {ok["To"]}\r\nCall-ID: c1\r\nCSeq: 99 {method}\r\nContact: <{contact}>\r\n"
            + $"Content-Type: application/sdp\r\nContent-Length: {_alice.Sdp.Length}\r\n\r\n{_alice.Sdp}");
        _alice.WaitForResponse(method, 400);
        _ = _server.Calls.Single().HangUpAsync();
        Assert.That(_alice.WaitForRequest("BYE").StartLine, Does.Contain("sip:alice@10.0.2.1:5060 "), "the target of before");
    }

    [TestCase("INVITE")]
    [TestCase("REGISTER")]
    [TestCase("OPTIONS")]
    public void SipsRequestUri_Is416(string method)
    {
        _alice.Send(_alice.Request(method, "room1", "c1", extra: _alice.Contact())
            .Replace($"{method} sip:", $"{method} sips:", StringComparison.Ordinal));
        _alice.WaitForResponse(method, 416);
    }

    [Test]
    public void SipsRequestUri_OverASecureWay_IsTaken_WhateverTheListenersSpeak()
    {
        // As a browser's over wss: that transport is none of the listeners.
        _world.Network.IsSecure = true;
        _alice.Send(_alice.Request("OPTIONS", "room1", "c1", extra: _alice.Contact())
            .Replace("OPTIONS sip:", "OPTIONS sips:", StringComparison.Ordinal));
        _alice.WaitForResponse("OPTIONS", 200);
    }

    [Test]
    public void SipPhone_OverTls_IsRefused() =>
        Assert.That(
            () => new SipPhone(new SipPhoneOptions
            {
                Server = "sip:10.0.0.1;transport=tls", Username = "a", Password = "b", Audio = null!,
            }),
            Throws.ArgumentException);
}
