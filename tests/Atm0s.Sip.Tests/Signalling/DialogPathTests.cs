using System.Net;
using System.Text;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>
/// Requests inside a dialog go to the remote target as last refreshed, and to a phone behind a NAT the way it came (RFC 3261 §12.2).
/// </summary>
[SingleThreaded]
public sealed class DialogPathTests
{
    private static readonly IPEndPoint Server = VirtualWorld.ServerEndPoint;

    private SignallingWorld _all = null!;
    private ScriptedPhone _proxy = null!;
    private ScriptedPhone _gateway = null!;

    [SetUp]
    public void SetUp()
    {
        _all = new SignallingWorld(options =>
        {
            options.Listen(SipTransportProtocol.Tcp, Server);
            options.Trunks.Add(new TrunkOptions { Name = "carrier", Server = "sip:10.0.3.1" });
        });
        _proxy = new ScriptedPhone(_all.World, "proxy", "10.0.3.1");
        _gateway = new ScriptedPhone(_all.World, "gateway", "10.0.3.7");
    }

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [TestCase("10.0.3.7:5060")]
    [TestCase("10.0.3.1:5070")]
    public void AckAndBye_GoToTheContactOfTheOk_WithoutARoute(string contact)
    {
        var other = new ScriptedPhone(_all.World, "other", "10.0.3.1", 5070);
        var call = CallTheTrunk();
        var invite = _proxy.WaitForRequest("INVITE");
        _proxy.Send(Ok(invite, $"Contact: <sip:123@{contact}>\r\n"));
        _all.World.RunUntil(() => call.State == CallState.Answered);
        _ = call.HangUpAsync();
        _all.World.Advance(TimeSpan.FromMilliseconds(100));
        var there = contact == other.Address ? other : _gateway;
        Assert.That(there.Received.Select(m => m.Method), Is.EqualTo(new[] { "ACK", "BYE" }));
    }

    [Test]
    public void RepeatedOk_IsAcknowledgedTheSameWay()
    {
        var edge = new ScriptedPhone(_all.World, "edge", "10.0.3.9");
        CallTheTrunk();
        var ok = Ok(_proxy.WaitForRequest("INVITE"), "Record-Route: <sip:10.0.3.9;lr>\r\nContact: <sip:123@10.0.3.7>\r\n");
        _proxy.Send(ok);
        edge.WaitForRequest("ACK");
        _proxy.Send(ok);
        _all.World.Advance(TimeSpan.FromSeconds(1));
        Assert.That((SignallingWorld.Requests(edge, "ACK"), SignallingWorld.Requests(_proxy, "ACK")), Is.EqualTo((2, 0)));
    }

    [TestCase("255.255.255.255")]
    [TestCase("224.0.1.75")]
    [TestCase("0.0.0.0")]
    [TestCase("127.0.0.1")]
    [TestCase("carrier.test")]
    public void ContactThatLeadsNowhere_IsNotFollowed(string host)
    {
        CallTheTrunk();
        _proxy.Send(Ok(_proxy.WaitForRequest("INVITE"), $"Contact: <sip:123@{host}>\r\n"));
        _proxy.WaitForRequest("ACK");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void PhoneThatMoves_GetsItsByeWhereItIs(bool isTcp)
    {
        var protocol = isTcp ? SipTransportProtocol.Tcp : SipTransportProtocol.Udp;
        var wifi = new ScriptedPhone(_all.World, "alice", "10.0.2.5", protocol: protocol);
        var mobile = new ScriptedPhone(_all.World, "alice", "10.0.9.9", protocol: protocol);
        var invite = wifi.Invite("room1", "c1");
        var ok = wifi.WaitForResponse("INVITE", 200);
        wifi.Ack(invite, ok);
        var moved = mobile.InDialog("INVITE", invite, ok, mobile.Sdp, cseq: 50);
        mobile.Ack(moved, mobile.WaitForResponse("INVITE", 200));
        _all.World.Advance(TimeSpan.FromMilliseconds(100));
        HangUp();
        Assert.That(mobile.WaitForRequest("BYE", TimeSpan.FromSeconds(1)).StartLine, Does.Contain("sip:alice@10.0.9.9:5060"));
        Assert.That(SignallingWorld.Requests(wifi, "BYE"), Is.Zero);
    }

    [Test]
    public void ReInviteThatIsRefused_MovesNothing()
    {
        var (invite, ok) = _all.Answered();
        var elsewhere = new ScriptedPhone(_all.World, "alice", "10.0.9.9");
        var refused = elsewhere.InDialog(
            "INVITE", invite, ok, elsewhere.Sdp.Replace("RTP/AVP 8 101", "RTP/AVP 18", StringComparison.Ordinal), 50);
        elsewhere.Ack(refused, elsewhere.WaitForResponse("INVITE", 488));
        HangUp();
        _all.Alice.WaitForRequest("BYE", TimeSpan.FromSeconds(1));
    }

    [Test]
    public void PhoneBehindANat_IsReachedTheWayItCame()
    {
        // It knows only its own address, and we hear it from that of the NAT.
        var invite = _all.Alice.Request("INVITE", "open-1", "c1", _all.Alice.Sdp, "Contact: <sip:alice@10.1.1.1>\r\n")
            .Replace("Via: SIP/2.0/UDP 10.0.2.1:5060", "Via: SIP/2.0/UDP 10.1.1.1", StringComparison.Ordinal);
        AssertThatTheByeComesBack(invite);
    }

    [Test]
    public void PhoneThatAsksForItsPort_IsReachedThere()
    {
        // RFC 3581: the port in its Contact is one that the NAT may have given to nobody.
        AssertThatTheByeComesBack(_all.Alice.Request("INVITE", "open-1", "c1", _all.Alice.Sdp, "Contact: <sip:alice@10.0.2.1:6000>\r\n"));
    }

    [Test]
    public void CallOverAProxyThatDoesNotStay_IsEndedAtThePhone()
    {
        var phone = new ScriptedPhone(_all.World, "phone", "10.0.2.77");
        var invite = _proxy.Request("INVITE", "open-1", "c1", _proxy.Sdp, "Contact: <sip:phone@10.0.2.77>\r\n");
        var cut = invite.IndexOf("Max-Forwards", StringComparison.Ordinal);
        invite = invite.Insert(cut, "Via: SIP/2.0/UDP 10.0.2.77;branch=z9hG4bKfirst\r\n");
        _proxy.Send(invite);
        _proxy.Ack(new SipText(invite), _proxy.WaitForResponse("INVITE", 200));
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        HangUp();
        phone.WaitForRequest("BYE", TimeSpan.FromSeconds(1));
    }

    [Test]
    public void PhoneWhosePortAtTheNatChanges_IsReachedWhereItRegisteredSince()
    {
        var before = new ScriptedPhone(_all.World, "bob", "10.0.2.2", 40_001);
        var after = new ScriptedPhone(_all.World, "bob", "10.0.2.2", 40_002);
        before.Register(contact: "Contact: <sip:bob@192.168.1.9>\r\n");
        var call = _all.World.Await(_all.Server.CallClientAsync("r", _all.Server.FindRegistrations("bob")[0].SessionId, "1").AsTask());
        var invite = before.WaitForRequest("INVITE");
        before.Send(Ok(invite, "Contact: <sip:bob@192.168.1.9>\r\n"));
        _all.World.RunUntil(() => call.State == CallState.Answered);
        after.Register(contact: "Contact: <sip:bob@192.168.1.9>\r\n", callId: "register2");
        _ = call.HangUpAsync();
        after.WaitForRequest("BYE", TimeSpan.FromSeconds(1));
    }

    [Test]
    public void ConnectionThatIsGone_IsOpenedAnewToTheContact()
    {
        var tim = new ScriptedPhone(_all.World, "tim", "10.0.2.8", protocol: SipTransportProtocol.Tcp);
        var invite = tim.Invite("room1", "c1");
        tim.Ack(invite, tim.WaitForResponse("INVITE", 200));
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        _all.World.Network.BreakConnection(tim.EndPoint, Server);
        HangUp();
        tim.WaitForRequest("BYE", TimeSpan.FromSeconds(1));
    }

    [Test]
    public void ConnectionThatIsGone_IsThatOfTheNextRegistration()
    {
        var before = new ScriptedPhone(_all.World, "tim", "10.0.2.8", 40_001, SipTransportProtocol.Tcp);
        var after = new ScriptedPhone(_all.World, "tim", "10.0.2.8", 40_002, SipTransportProtocol.Tcp);
        var contact = "Contact: <sip:tim@192.168.1.9;transport=tcp>\r\n";
        before.Register(contact: contact);
        var invite = before.Invite("room1", "c1");
        before.Ack(invite, before.WaitForResponse("INVITE", 200));
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        _all.World.Network.BreakConnection(before.EndPoint, Server);
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        after.Register(contact: contact, callId: "register2");
        HangUp();
        after.WaitForRequest("BYE", TimeSpan.FromSeconds(1));
    }

    private ISipCall CallTheTrunk() => _all.World.Await(_all.Server.CallTrunkAsync("room1", "carrier", "123", "456").AsTask());

    private void HangUp() => _ = _all.Server.Calls.Single().HangUpAsync();

    private void AssertThatTheByeComesBack(string invite)
    {
        _all.Alice.Send(invite);
        _all.Alice.Ack(new SipText(invite), _all.Alice.WaitForResponse("INVITE", 200));
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        HangUp();
        _all.Alice.WaitForRequest("BYE", TimeSpan.FromSeconds(1));
    }

    private string Ok(SipText invite, string headers) =>
        $"SIP/2.0 200 OK\r\nVia: {invite["Via"]}\r\nFrom: {invite["From"]}\r\nTo: {invite["To"]};tag=x\r\nCall-ID: {invite["Call-ID"]}\r\n"
        + $"CSeq: {invite["CSeq"]}\r\n{headers}Content-Type: application/sdp\r\n"
        + $"Content-Length: {Encoding.UTF8.GetByteCount(_proxy.Sdp)}\r\n\r\n{_proxy.Sdp}";
}
