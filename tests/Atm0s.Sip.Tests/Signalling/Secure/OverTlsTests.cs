using System.Net;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Tls;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling.Secure;

/// <summary>Calls and registrations over TLS: what has begun there stays there (RFC 3261 §26.2.2, RFC 5630).</summary>
[SingleThreaded]
public sealed class OverTlsTests
{
    private static readonly IPEndPoint Server = VirtualWorld.ServerEndPoint;

    private SignallingWorld _all = null!;
    private ScriptedPhone _tim = null!;

    [SetUp]
    public void SetUp()
    {
        _all = new SignallingWorld(options =>
        {
            options.Tls.SelfSigned = true;
            options.Listen(SipTransportProtocol.Tls, Server);
            options.Listen(SipTransportProtocol.Tcp, Server);
        });
        _tim = new ScriptedPhone(_all.World, "tim", "10.0.2.8", protocol: SipTransportProtocol.Tls);
    }

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [TestCase("sip:tim@10.0.2.8:5060;transport=tls")]
    [TestCase("sips:tim@10.0.2.8:5060")]
    [TestCase("sip:tim@10.0.2.8:5060", Description = "many a phone does not say so in its Contact")]
    public void RegisteredPhone_IsCalledOverItsConnection(string contact)
    {
        Assert.That(_tim.Register(contact: $"Contact: <{contact}>\r\n").Status, Is.EqualTo(200));
        _tim.Received.Clear();
        _all.World.Await(_all.Server.CallClientAsync("r", _all.Server.FindRegistrations("tim")[0].SessionId, "1").AsTask());
        var invite = _tim.WaitForRequest("INVITE");
        Assert.That(invite["Via"], Does.StartWith("SIP/2.0/TLS 10.0.0.1:5060;branch"));
        Assert.That(invite.ContactUri, Is.EqualTo(
            contact.StartsWith("sips", StringComparison.Ordinal) ? "sips:1@10.0.0.1:5060" : "sip:1@10.0.0.1:5060;transport=tls"));
        AssertThatNothingWentInTheClear();
    }

    [TestCase("edge.example.com", "edge.example.com")]
    [TestCase("*.example.com,edge2.example.com", "edge2.example.com")]
    [TestCase("", null)]
    public void PhoneBehindAProxy_WhoseConnectionIsGone_IsCalledOverAnotherOfThatProxy(string names, string? peer)
    {
        const string contact = "Contact: <sip:tim@10.0.9.9:5060;transport=tls>\r\n";
        if (names.Length > 0)
        {
            _all.World.Network.Certificates[IPAddress.Parse("10.0.2.8")] =
                new TlsIdentity(names.Split(','), "CN=edge", new string('a', 64));
        }

        Assert.That(_tim.Register(contact: contact + "Path: <sip:10.0.2.8:5061;transport=tls;lr>\r\nSupported: path\r\n").Status, Is.EqualTo(200));
        _all.World.Network.BreakConnection(_tim.EndPoint, Server);
        _all.World.Advance(TimeSpan.FromMilliseconds(50));

        var binding = _all.Server.Parts.Registrar.FindContact("sip:tim@10.0.9.9:5060;transport=tls")!;
        var flow = binding.FlowForRequests(_all.Server.Parts.Stack);
        Assert.That((flow.RemoteEndPoint.Port, flow.Peer?.Name), Is.EqualTo((5061, peer)), "RFC 5923 §8.1");
    }

    [TestCase("sips:tim@10.0.2.1:5060")]
    [TestCase("sip:tim@10.0.2.1:5060;transport=tls")]
    public void ContactThatAsksForTls_IsRegisteredOverTlsOnly(string contact)
    {
        var answer = _all.Alice.Register(contact: $"Contact: <{contact}>\r\n");
        Assert.That((answer.Status, _all.Server.Registrations.Count), Is.EqualTo((400, 0)));
    }

    [TestCase("sip:", "sip:room1@10.0.0.1:5060;transport=tls")]
    [TestCase("sips:", "sips:room1@10.0.0.1:5060")]
    public void Caller_GetsAContactThatIsAsSecure(string scheme, string contact)
    {
        var (_, ok) = Answered(scheme: scheme);
        Assert.That(ok.ContactUri, Is.EqualTo(contact));
        AssertThatNothingWentInTheClear();
    }

    [TestCase("sip:tim@10.0.2.8:5060;transport=tls", true)]
    [TestCase("sip:tim@10.0.2.8:5060", true, Description = "UDP by its letter")]
    [TestCase("sip:tim@10.0.2.8:5060;transport=udp", true)]
    [TestCase("sip:tim@10.0.2.8:5060;transport=tcp", false)]
    [TestCase("sip:tim@10.0.2.9:5060", false, Description = "elsewhere")]
    public void OurRequests_StayOnTls_WhateverTheContactSays(string contact, bool isBroken)
    {
        Answered(contact: $"Contact: <{contact}>\r\n");
        if (isBroken)
        {
            _all.World.Network.BreakConnection(_tim.EndPoint, Server);
            _all.World.Advance(TimeSpan.FromMilliseconds(50));
        }

        _ = _all.Server.Calls.Single().HangUpAsync();
        _tim.WaitForRequest("BYE", TimeSpan.FromSeconds(1));
        AssertThatNothingWentInTheClear();
    }

    [TestCase("<sip:10.0.3.1;lr>")]
    [TestCase("<sip:10.0.3.1:5060;transport=udp;lr>")]
    [TestCase("<sip:10.0.3.1:5060;transport=tcp;lr>")]
    public void RouteInTheClear_IsNotTaken(string route)
    {
        Answered(contact: $"Record-Route: {route}\r\n" + _tim.Contact());
        _ = _all.Server.Calls.Single().HangUpAsync();
        var bye = _tim.WaitForRequest("BYE", TimeSpan.FromSeconds(1));
        Assert.That(bye["Route"], Is.EqualTo(route));
        AssertThatNothingWentInTheClear();
    }

    // Its Record-Route is where it listens, which is not where its connection comes from.
    [TestCase("<sip:10.0.2.8:5061;transport=tls;lr>")]
    [TestCase("<sips:10.0.2.8:5061;lr>")]
    public void RouteOfTheProxyThatHasConnected_IsItsConnection(string route)
    {
        var (invite, ok) = Answered(contact: $"Record-Route: {route}\r\n" + "Contact: <sip:tim@10.0.9.9:5060;transport=tls>\r\n");
        Assert.That(ok["Record-Route"], Is.EqualTo(route));
        var call = _all.Server.Calls.Single();
        _ = call.HoldAsync();
        var hold = _tim.WaitForRequest("INVITE", TimeSpan.FromSeconds(1));
        _tim.Respond(hold, 200, "OK", _tim.Sdp);
        _tim.WaitForRequest("ACK", TimeSpan.FromSeconds(1));
        _ = call.HangUpAsync();
        Assert.That(_tim.WaitForRequest("BYE", TimeSpan.FromSeconds(1))["Route"], Is.EqualTo(route));
        Assert.That(_all.World.Network.ConnectionsOf(Server), Is.EqualTo(1));
        AssertThatNothingWentInTheClear();
    }

    [TestCase("BYE")]
    [TestCase("INVITE")]
    [TestCase("UPDATE")]
    public void RequestInTheClear_DoesNothingToTheCall(string method)
    {
        var (invite, ok) = Answered();
        var forged = new ScriptedPhone(_all.World, "tim", "10.0.2.8");
        forged.InDialog(method, invite, ok, method == "BYE" ? "" : forged.Sdp, cseq: 50);
        Assert.That(forged.WaitFor(m => m.IsResponse).Status, Is.EqualTo(403));
        Assert.That(_all.Server.Calls.Single().State, Is.EqualTo(CallState.Answered));
        _ = _all.Server.Calls.Single().HangUpAsync();
        _tim.WaitForRequest("BYE", TimeSpan.FromSeconds(1));
    }

    [TestCase("INVITE")]
    [TestCase("REGISTER")]
    [TestCase("OPTIONS")]
    [TestCase("MESSAGE")]
    public void SipsInTheClear_Is416(string method)
    {
        var request = _all.Alice.Request(method, "room1", "c1", extra: _all.Alice.Contact());
        _all.Alice.Send(request.Replace($"{method} sip:", $"{method} sips:", StringComparison.Ordinal));
        _all.Alice.WaitForResponse(method, method == "MESSAGE" ? 405 : 416);
    }

    [TestCase("sip:2000@10.0.3.1:5060;transport=tls", "sip:1@10.0.0.1:5060;transport=tls")]
    [TestCase("sips:2000@10.0.3.1:5060", "sips:1@10.0.0.1:5060")]
    [TestCase("sips:2000@10.0.3.1:5060;transport=tcp", "sips:1@10.0.0.1:5060")]
    public void CallToAServer_GoesOverTls(string target, string contact)
    {
        var peer = new ScriptedPhone(_all.World, "peer", "10.0.3.1", protocol: SipTransportProtocol.Tls);
        _all.World.Await(_all.Server.CallServerAsync("r", target, "1").AsTask());
        var invite = peer.WaitForRequest("INVITE");
        Assert.That(invite.StartLine, Does.StartWith($"INVITE {target} "));
        Assert.That(invite["Via"], Does.StartWith("SIP/2.0/TLS 10.0.0.1:5060;alias;branch="), "RFC 5923 §5");
        Assert.That(invite.ContactUri, Is.EqualTo(contact));
        AssertThatNothingWentInTheClear();
    }

    [TestCase("sips:2000@10.0.3.1:5060", "sip:3000@10.0.3.1:5060;transport=tls", 302, Description = "RFC 3261 §8.1.3.4")]
    [TestCase("sips:2000@10.0.3.1:5060", "sips:3000@10.0.3.1:5060", 0)]
    public void Redirection_LeadsNotAwayFromSips(string target, string contact, int status)
    {
        var peer = new ScriptedPhone(_all.World, "peer", "10.0.3.1", protocol: SipTransportProtocol.Tls);
        var call = _all.World.Await(_all.Server.CallServerAsync("r", target, "1").AsTask());
        var invite = peer.WaitForRequest("INVITE");
        peer.Received.Clear();
        var answer = $"SIP/2.0 302 Moved\r\nVia: {invite["Via"]}\r\nFrom: {invite["From"]}\r\nTo: {invite["To"]};tag=x\r\n"
            + $"Call-ID: {invite["Call-ID"]}\r\nCSeq: {invite["CSeq"]}\r\nContact: <{contact}>\r\nContent-Length: 0\r\n\r\n";
        peer.Send(answer);
        _all.World.Advance(TimeSpan.FromSeconds(1));
        Assert.That(peer.Received.Exists(m => m.Method == "INVITE" && !m.IsResponse), Is.EqualTo(status == 0));
        if (status > 0)
            Assert.That(_all.World.Await(call.Answered).StatusCode, Is.EqualTo(status));
    }

    [TestCase("sip:10.0.3.1:5060;transport=tls", "REGISTER sip:10.0.3.1 ", "INVITE sip:2000@10.0.3.1:5060;transport=tls ")]
    [TestCase("sips:10.0.3.1:5060", "REGISTER sips:10.0.3.1 ", "INVITE sips:2000@10.0.3.1:5060 ")]
    public void Trunk_RegistersAndCallsOverTls(string server, string register, string call)
    {
        var carrier = new ScriptedPhone(_all.World, "carrier", "10.0.3.1", protocol: SipTransportProtocol.Tls);
        var added = _all.Server.AddTrunkAsync(new TrunkOptions { Name = "c", Server = server, Register = true, User = "acct" });
        var request = carrier.WaitForRequest("REGISTER");
        Assert.That(request.StartLine, Does.StartWith(register));
        carrier.Respond(request, 200, "OK", extra: "Expires: 3600\r\n");
        Assert.That(_all.World.Await(added).State, Is.EqualTo(TrunkState.Registered));
        _all.World.Await(_all.Server.CallTrunkAsync("r", "c", "2000", "1").AsTask());
        Assert.That(carrier.WaitForRequest("INVITE").StartLine, Does.StartWith(call));
        Assert.That(_all.World.Network.ConnectionsOf(Server), Is.EqualTo(1), "over the connection it has registered");
        AssertThatNothingWentInTheClear();
    }

    // A datagram has whatever source its sender writes: the carrier's are public.
    [TestCase(SipTransportProtocol.Udp)]
    [TestCase(SipTransportProtocol.Tcp)]
    public void TrunkOverTls_IsNotKnownInTheClear(SipTransportProtocol protocol)
    {
        _all.World.Await(_all.Server.AddTrunkAsync(new TrunkOptions { Name = "c", Server = "sip:10.0.3.1:5060;transport=tls" }));
        var asked = new List<string?>();
        _all.Host.Decide = (request, _) =>
        {
            asked.Add(request.Trunk);
            return ValueTask.FromResult(InviteDecision.JoinRoom("room1"));
        };
        var forged = new ScriptedPhone(_all.World, "0170", "10.0.3.1", protocol: protocol);
        forged.Send(forged.Request("INVITE", "room1", "c1", forged.Sdp, forged.Contact() + "P-Asserted-Identity: <sip:110@c>\r\n"));
        forged.WaitForResponse("INVITE", 401);
        Assert.That(asked, Is.Empty);
        var carrier = new ScriptedPhone(_all.World, "0170", "10.0.3.1", 5062, SipTransportProtocol.Tls);
        carrier.Send(carrier.Request("INVITE", "room1", "c3", carrier.Sdp, carrier.Contact()));
        carrier.WaitForResponse("INVITE", 200);
        Assert.That(asked, Is.EqualTo(["c"]));
    }

    [TestCase("10.0.3.1", 200)]
    [TestCase("carrier.example", 401)]
    [TestCase(null, 401)]
    public void TrunkThatHasToShowItsName_IsKnownByItAlone(string? shown, int status)
    {
        if (shown is not null)
            _all.World.Network.Certificates[IPAddress.Parse("10.0.3.1")] = new TlsIdentity([shown], "CN=it", new string('a', 64));
        _all.World.Await(_all.Server.AddTrunkAsync(
            new TrunkOptions { Name = "c", Server = "sip:10.0.3.1:5060;transport=tls", RequireCertificate = true }));
        var carrier = new ScriptedPhone(_all.World, "0170", "10.0.3.1", 5062, SipTransportProtocol.Tls);
        carrier.Send(carrier.Request("INVITE", "room1", "c3", carrier.Sdp, carrier.Contact()));
        carrier.WaitForResponse("INVITE", status);
    }

    [TestCase(SipTransportProtocol.Udp)]
    [TestCase(SipTransportProtocol.Tcp)]
    public void CancelInTheClear_EndsNothing_AndRepetitionFetchesNothing(SipTransportProtocol protocol)
    {
        var forged = new ScriptedPhone(_all.World, "tim", "10.0.2.8", protocol: protocol);
        var (invite, _) = Answered();
        forged.Send(invite.ToString());
        forged.Send(invite.ToString().Replace("INVITE", "CANCEL", StringComparison.Ordinal));
        _all.World.Advance(TimeSpan.FromSeconds(1));
        Assert.That(forged.Received.Exists(m => m.Status == 200 && m["CSeq"].EndsWith("INVITE", StringComparison.Ordinal)), Is.False);
        Assert.That(_all.Server.Calls.Single().State, Is.EqualTo(CallState.Answered));
    }

    [Test]
    public void Certificate_IsToldToTheHost()
    {
        _all.World.Network.Certificates[IPAddress.Parse("10.0.2.8")] = new TlsIdentity(["pbx.example"], "CN=pbx.example", "ab");
        PeerCertificate? asked = null;
        PeerCertificate? invited = null;
        var authorize = _all.Host.Authorize;
        _all.Host.Authorize = (request, cancellation) =>
        {
            asked = request.Certificate;
            return authorize(request, cancellation);
        };
        _all.Host.Decide = (request, _) =>
        {
            invited = request.Certificate;
            return ValueTask.FromResult(InviteDecision.JoinRoom("room1"));
        };
        Answered();
        Assert.That((asked?.Names[0], invited?.Names[0]), Is.EqualTo(("pbx.example", "pbx.example")));
        Assert.That(invited, Is.EqualTo(asked! with { Names = invited!.Names }));
    }

    [Test]
    public void PhoneInCode_SpeaksTls()
    {
        var carol = _all.World.StartPhone("carol", new ToneEndpoint(400), protocol: SipTransportProtocol.Tls);
        Assert.That(_all.World.Await(carol.RegisterAsync()).StatusCode, Is.EqualTo(200));
        var call = _all.World.Await(carol.CallAsync("room1"));
        Assert.That(_all.World.Await(call.Answered).IsAnswered, Is.True);
        Assert.That(_all.World.Network.ConnectionsOf(Server), Is.EqualTo(1));
        AssertThatNothingWentInTheClear();
    }

    private (SipText Invite, SipText Ok) Answered(string scheme = "sip:", string? contact = null)
    {
        contact ??= _tim.Contact();
        var request = _tim.Request("INVITE", "room1", "c1", _tim.Sdp, contact)
            .Replace("INVITE sip:", "INVITE " + scheme, StringComparison.Ordinal);
        _tim.Send(request);
        var challenge = _tim.WaitForResponse("INVITE", 401);
        _tim.Received.Remove(challenge);
        var authorization = _tim.Authorize(challenge, "INVITE", $"{scheme}room1@test.local");
        var invite = _tim.Request("INVITE", "room1", "c1", _tim.Sdp, contact + authorization)
            .Replace("INVITE sip:", "INVITE " + scheme, StringComparison.Ordinal);
        _tim.Send(invite);
        var ok = _tim.WaitForResponse("INVITE", 200);
        _tim.Ack(new SipText(invite), ok);
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        return (new SipText(invite), ok);
    }

    private void AssertThatNothingWentInTheClear() => Assert.That(
        _all.World.Network.Sent.Where(packet => packet.Source.Equals(Server) && packet.Protocol != SipTransportProtocol.Tls), Is.Empty);
}
