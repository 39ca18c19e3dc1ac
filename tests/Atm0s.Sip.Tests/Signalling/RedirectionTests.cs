using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>The called side sends a call elsewhere (RFC 3261 §8.1.3.4).</summary>
[SingleThreaded]
public sealed class RedirectionTests
{
    private SignallingWorld _all = null!;
    private ScriptedPhone _bob = null!;
    private ScriptedPhone _carol = null!;

    [SetUp]
    public void SetUp()
    {
        _all = new SignallingWorld(options =>
            options.Listen(SipTransportProtocol.Tcp, new System.Net.IPEndPoint(System.Net.IPAddress.Parse("10.0.0.9"), 5060)));
        _bob = new ScriptedPhone(_all.World, "bob", "10.0.2.2");
        _bob.Register();
        _bob.Received.Clear();
        _carol = new ScriptedPhone(_all.World, "carol", "10.0.2.3");
    }

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void Contact_IsCalled_WithinTheSameCall()
    {
        var call = Call();
        var first = _bob.WaitForRequest("INVITE");
        _bob.Respond(first, 180, "Ringing");
        Redirect(_bob, first, "<sip:carol@10.0.2.3;method=INVITE?Subject=no>");
        Assert.That(_bob.WaitForRequest("ACK")["CSeq"].Split(' ')[0], Is.EqualTo(first["CSeq"].Split(' ')[0]));
        var second = _carol.WaitForRequest("INVITE");
        Assert.That(second.StartLine, Is.EqualTo("INVITE sip:carol@10.0.2.3 SIP/2.0"), "RFC 3261 table 1: no method and no headers");
        Assert.That(second["Call-ID"], Is.EqualTo(first["Call-ID"]));
        Assert.That(second["From"], Is.EqualTo(first["From"]), "RFC 3261 §8.1.3.4");
        Assert.That(CSeq(second), Is.GreaterThan(CSeq(first)));
        Assert.That(second["Subject"], Is.Empty);
        _carol.Respond(second, 200, "OK", _carol.Sdp);
        _carol.WaitForRequest("ACK");
        Assert.That(_all.World.Await(call.Answered).IsAnswered, Is.True);
        Assert.That(_all.Host.Story(CallDirection.Outgoing), Is.EqualTo("Connecting Ringing Answered"));
        HangUp(call, _carol);
        AssertNothingLeft();
    }

    [Test]
    public void WaitingCaller_IsConnectedWithTheOther()
    {
        _all.Host.Decide = async (invite, cancellation) =>
        {
            await _all.Server.CallUserAsync("q", "bob", "alice", new OutgoingCallOptions { ForCallId = invite.CallId }, cancellation);
            return InviteDecision.WaitForOthers("q");
        };
        var invite = _all.Alice.Invite("bob", "c1");
        Redirect(_bob, _bob.WaitForRequest("INVITE"), "<sip:carol@10.0.2.3>");
        _carol.Respond(_carol.WaitForRequest("INVITE"), 200, "OK", _carol.Sdp);
        _all.Alice.Ack(invite, _all.Alice.WaitForResponse("INVITE", 200));
    }

    [Test]
    public void Contacts_AreTriedInOrderOfQ()
    {
        var dave = new ScriptedPhone(_all.World, "dave", "10.0.2.4");
        var call = Call();
        Redirect(_bob, _bob.WaitForRequest("INVITE"), "<sip:dave@10.0.2.4>;q=0.2, <sip:carol@10.0.2.3>;q=0.9");
        var carol = _carol.WaitForRequest("INVITE");
        _all.World.Advance(TimeSpan.FromMilliseconds(200));
        Assert.That(dave.Received, Is.Empty);
        _carol.Respond(carol, 486, "Busy Here");
        dave.Respond(dave.WaitForRequest("INVITE", TimeSpan.FromSeconds(1)), 200, "OK", dave.Sdp);
        Assert.That(_all.World.Await(call.Answered).IsAnswered, Is.True);
        HangUp(call, dave);
        AssertNothingLeft();
    }

    [Test]
    public void OtherPhonesOfTheUser_GoOnRinging_AndAnyMayAnswer()
    {
        var mobile = new ScriptedPhone(_all.World, "bob", "10.0.2.5");
        mobile.Register(callId: "mobile");
        mobile.Received.Clear();
        var call = Call();
        Redirect(_bob, _bob.WaitForRequest("INVITE"), "<sip:carol@10.0.2.3>");
        var rung = mobile.WaitForRequest("INVITE");
        mobile.Respond(rung, 180, "Ringing");
        var carol = _carol.WaitForRequest("INVITE");
        _carol.Respond(carol, 180, "Ringing");
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        Assert.That(SignallingWorld.Requests(mobile, "CANCEL"), Is.Zero);
        _carol.Respond(carol, 200, "OK", _carol.Sdp);
        mobile.Respond(mobile.WaitForRequest("CANCEL"), 200, "OK");
        mobile.Respond(rung, 487, "Request Terminated");
        HangUp(call, _carol);
        AssertNothingLeft();
    }

    [Test]
    public void UserOfOurs_IsRungWhereHeHasRegistered(
        [Values("sip:carol@test.local", "sip:carol@10.0.0.1:5060", "sip:carol@10.0.0.1", "sip:carol@192.168.7.7:5060")]
        string contact)
    {
        // Behind a NAT: the contact leads nowhere.
        _carol.Register(contact: "Contact: <sip:carol@192.168.7.7:5060>\r\n");
        _carol.Received.Clear();
        var call = Call();
        Redirect(_bob, _bob.WaitForRequest("INVITE"), $"<{contact}>");
        var invite = _carol.WaitForRequest("INVITE", TimeSpan.FromSeconds(1));
        Assert.That(invite.StartLine, Is.EqualTo("INVITE sip:carol@192.168.7.7:5060 SIP/2.0"));
        _carol.Respond(invite, 200, "OK", _carol.Sdp, extra: "");
        Assert.That(_all.World.Await(call.Answered).IsAnswered, Is.True);
    }

    [Test]
    public void TwoPhonesThatForwardToEachOther_RingOnceEach()
    {
        _carol.Register();
        _carol.Received.Clear();
        var call = Call();
        Redirect(_bob, _bob.WaitForRequest("INVITE"), "<sip:carol@test.local>");
        Redirect(_carol, _carol.WaitForRequest("INVITE"), "<sip:bob@test.local>, <sip:bob@10.0.2.2:5060>");
        var outcome = _all.World.Await(call.Answered);
        Assert.That((outcome.Cause, outcome.StatusCode), Is.EqualTo(((CallEndCause?)CallEndCause.Redirected, 302)));
        Assert.That(SignallingWorld.Requests(_bob, "INVITE"), Is.EqualTo(1));
        AssertNothingLeft();
    }

    [Test]
    public void EndlessForwarding_EndsAfterFiveTimes()
    {
        var call = Call();
        var invite = _bob.WaitForRequest("INVITE");
        for (var i = 0; i < 5; i++)
        {
            Redirect(_bob, invite, $"<sip:next{i}@10.0.2.2>");
            var wanted = $"sip:next{i}@";
            invite = _bob.WaitFor(m => m.StartLine.StartsWith($"INVITE {wanted}", StringComparison.Ordinal), TimeSpan.FromSeconds(1));
        }

        Redirect(_bob, invite, "<sip:next5@10.0.2.2>");
        Assert.That(_all.World.Await(call.Answered).StatusCode, Is.EqualTo(302));
        Assert.That(_bob.Received.Count(m => m.StartLine.StartsWith("INVITE", StringComparison.Ordinal)), Is.EqualTo(6));
        AssertNothingLeft();
    }

    [Test]
    public void ManyContacts_AtMostTenAreRung()
    {
        Call();
        Redirect(_bob, _bob.WaitForRequest("INVITE"), string.Join(", ", Enumerable.Range(0, 14).Select(i => $"<sip:n{i}@10.0.2.3>")));
        _all.World.Advance(TimeSpan.FromMilliseconds(100));
        Assert.That(SignallingWorld.Requests(_carol, "INVITE"), Is.EqualTo(10));
    }

    [Test]
    public void NotToBeFollowed_IsToldWithItsContacts()
    {
        var call = Call(new OutgoingCallOptions { MaxRedirects = 0 });
        Redirect(_bob, _bob.WaitForRequest("INVITE"), "<sip:low@10.0.2.3>;q=0.1, <sip:carol@10.0.2.3>");
        var outcome = _all.World.Await(call.Answered);
        Assert.That((outcome.Cause, outcome.StatusCode), Is.EqualTo(((CallEndCause?)CallEndCause.Redirected, 302)));
        Assert.That(outcome.Failure!.Contacts, Is.EqualTo(new[] { "sip:carol@10.0.2.3", "sip:low@10.0.2.3" }));
        Assert.That(call.RemoteHeaders.Any(h => h.Key == "Contact"), Is.True);
        Assert.That(_all.World.Await(call.Ended).Failure, Is.EqualTo(outcome.Failure));
        Assert.That(_carol.Received, Is.Empty);
        AssertNothingLeft();
    }

    [TestCase("<sips:carol@10.0.2.3>")]
    [TestCase("<tel:+4930123>")]
    [TestCase("<sip:carol@10.0.2.3;transport=tls>")]
    [TestCase("<sip:carol@[fd00::1>")]
    [TestCase("<sip:carol@nowhere.example.com>")]
    [TestCase("<sip:carol@0.0.0.0>")]
    [TestCase("<sip:carol@127.0.0.1>", Description = "the server's own machine, from outside")]
    [TestCase("<sip:unknown@10.0.0.1>", Description = "the server itself, for somebody who is not there")]
    [TestCase("<sip:123@10.0.3.1>", Description = "a trunk, which would take it for a call of ours")]
    [TestCase("<sip:123@10.0.3.1:5070>", Description = "its other ports, too")]
    [TestCase("*")]
    public void WhereItMustNotLead_NothingIsSent(string contact)
    {
        _all.World.Await(_all.Server.AddTrunkAsync(new TrunkOptions { Name = "carrier", Server = "sip:10.0.3.1", Register = false }));
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        var call = Call();
        Redirect(_bob, _bob.WaitForRequest("INVITE"), contact);
        Assert.That(_all.World.Await(call.Answered).StatusCode, Is.EqualTo(302));
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        Assert.That(_all.World.Network.Sent.Count(p => p.StartLine.StartsWith("INVITE", StringComparison.Ordinal)), Is.EqualTo(1));
        AssertNothingLeft();
    }

    [Test]
    public void FromOutside_NothingNearerIsCalled()
    {
        var stranger = new ScriptedPhone(_all.World, "stranger", "203.0.113.7");
        var call = _all.World.Await(_all.Server.CallServerAsync("q", "sip:x@203.0.113.7", "1001").AsTask());
        Redirect(stranger, stranger.WaitForRequest("INVITE"), "<sip:printer@10.0.2.3>");
        Assert.That(_all.World.Await(call.Answered).StatusCode, Is.EqualTo(302));
        Assert.That(_carol.Received, Is.Empty);
    }

    [Test]
    public void Name_IsLookedUp_AndTheNextOfItsAddressesTried()
    {
        _all.World.Hosts.Add("carol.example.com", "10.0.2.99", "10.0.2.3");
        var call = Call();
        Redirect(_bob, _bob.WaitForRequest("INVITE"), "<sip:carol@carol.example.com>");
        var invite = _carol.WaitForRequest("INVITE", TimeSpan.FromSeconds(40));
        Assert.That(invite.StartLine, Is.EqualTo("INVITE sip:carol@carol.example.com SIP/2.0"));
        _carol.Respond(invite, 200, "OK", _carol.Sdp);
        Assert.That(_all.World.Await(call.Answered).IsAnswered, Is.True);
    }

    [Test]
    public void EndWhileANameIsLookedUp_LeavesNothing()
    {
        _all.World.Hosts.Wait = static cancellation => Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        var call = Call();
        Redirect(_bob, _bob.WaitForRequest("INVITE"), "<sip:carol@slow.example.com>");
        _all.World.RunUntil(() => _all.World.Hosts.Asked.Count == 1);
        _all.World.Await(call.HangUpAsync());
        AssertNothingLeft();
    }

    [Test]
    public void NameThatIsNeverFound_EndsTheCall()
    {
        _all.World.Hosts.Wait = static cancellation => Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        var call = Call();
        Redirect(_bob, _bob.WaitForRequest("INVITE"), "<sip:carol@slow.example.com>");
        Assert.That(_all.World.Await(call.Answered, TimeSpan.FromSeconds(12)).StatusCode, Is.EqualTo(302));
    }

    [Test]
    public void Credentials_GoToNoOtherServer()
    {
        var options = new OutgoingCallOptions { Credentials = new SipCredentials("trunk", "secret") };
        _all.World.Await(_all.Server.CallServerAsync("q", "sip:2000@10.0.2.2", "1001", options).AsTask());
        Redirect(_bob, _bob.WaitForRequest("INVITE"), "<sip:2000@10.0.2.3>;q=0.5, <sip:other@10.0.2.2>");
        Challenge(_bob, _bob.WaitFor(m => m.StartLine.StartsWith("INVITE sip:other", StringComparison.Ordinal)));
        var again = _bob.WaitFor(m => m["Proxy-Authorization"].Length > 0);
        Assert.That(again["Proxy-Authorization"], Does.Contain("username=\"trunk\""), "the same server");
        _bob.Respond(again, 486, "Busy Here");
        Challenge(_carol, _carol.WaitForRequest("INVITE"));
        _all.World.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_carol.Received.Where(m => m["Proxy-Authorization"].Length > 0), Is.Empty);
        AssertNothingLeft();
    }

    [Test]
    public void Trunk_MaySendACallOnToAnotherOfItsNumbers()
    {
        _all.World.Await(_all.Server.AddTrunkAsync(new TrunkOptions { Name = "carrier", Server = "sip:10.0.2.3", Register = false }));
        var call = _all.World.Await(_all.Server.CallTrunkAsync("q", "carrier", "123", "456").AsTask());
        Redirect(_carol, _carol.WaitForRequest("INVITE"), "<sip:124@10.0.2.3>");
        var invite = _carol.WaitFor(m => m.StartLine.StartsWith("INVITE sip:124@", StringComparison.Ordinal));
        _carol.Respond(invite, 200, "OK", _carol.Sdp);
        Assert.That(_all.World.Await(call.Answered).IsAnswered, Is.True);
    }

    [Test]
    public void TrunksCredentials_GoToItsOtherAddress_Too()
    {
        _all.World.Hosts.Add("pbx.example.com", "10.0.2.2", "10.0.2.3");
        var trunk = new TrunkOptions
        {
            Name = "carrier",
            Server = "sip:pbx.example.com",
            Register = false,
            Credentials = new SipCredentials("trunk", "secret"),
        };
        _all.World.Await(_all.Server.AddTrunkAsync(trunk));
        _all.World.Await(_all.Server.CallTrunkAsync("q", "carrier", "123", "456").AsTask());
        Redirect(_bob, _bob.WaitForRequest("INVITE"), "<sip:123@10.0.2.3>");
        Challenge(_carol, _carol.WaitForRequest("INVITE"));
        _carol.WaitFor(m => m["Proxy-Authorization"].Contains("username=\"trunk\"", StringComparison.Ordinal));
    }

    [Test]
    public void SomebodyOfOurDomainWhoIsNotThere_IsNotLookedUp()
    {
        var call = Call();
        Redirect(_bob, _bob.WaitForRequest("INVITE"), "<sip:unknown@test.local>");
        Assert.That(_all.World.Await(call.Answered).StatusCode, Is.EqualTo(302));
        Assert.That(_all.World.Hosts.Asked, Is.Empty);
    }

    [Test]
    public void WhereNobodyResponds_TheFieldsAreThoseOfTheRedirection()
    {
        var call = Call();
        Redirect(_bob, _bob.WaitForRequest("INVITE"), "<sip:carol@10.0.2.98>");
        Assert.That(_all.World.Await(call.Answered).Cause, Is.EqualTo(CallEndCause.Gone));
        Assert.That(call.RemoteHeaders.Any(h => h.Key == "Contact" && h.Value.Contains("10.0.2.98", StringComparison.Ordinal)), Is.True);
        AssertNothingLeft();
    }

    [Test]
    public void WhoIsReachedOverAnotherOfOurAddresses_IsOfferedAudioThere_AndItsPortIsGivenBack()
    {
        var call = Call();
        Redirect(_bob, _bob.WaitForRequest("INVITE"), "<sip:carol@10.0.2.3;transport=tcp>");
        _all.World.RunUntil(() => Sent().Count == 2);
        Assert.That(Sent()[0].Text, Does.Contain("c=IN IP4 10.0.0.1"));
        Assert.That(Sent()[1].Text, Does.Contain("c=IN IP4 10.0.0.9"));
        _all.World.Await(call.HangUpAsync());
        AssertNothingLeft();

        List<Packet> Sent() =>
            [.. _all.World.Network.Sent.Where(p => p.StartLine.StartsWith("INVITE", StringComparison.Ordinal))];
    }

    private static int CSeq(SipText message) => int.Parse(message["CSeq"].Split(' ')[0]);

    private static void Redirect(ScriptedPhone phone, SipText invite, string contacts) =>
        phone.Send(
            $"SIP/2.0 302 Moved Temporarily\r\nVia: {invite["Via"]}\r\nFrom: {invite["From"]}\r\nTo: {invite["To"]};tag=moved\r\n"
            + $"Call-ID: {invite["Call-ID"]}\r\nCSeq: {invite["CSeq"]}\r\nContact: {contacts}\r\nContent-Length: 0\r\n\r\n");

    private static void Challenge(ScriptedPhone phone, SipText invite) =>
        phone.Send(
            $"SIP/2.0 407 Proxy Authentication Required\r\nVia: {invite["Via"]}\r\nFrom: {invite["From"]}\r\nTo: {invite["To"]};tag=x\r\n"
            + $"Call-ID: {invite["Call-ID"]}\r\nCSeq: {invite["CSeq"]}\r\n"
            + "Proxy-Authenticate: Digest realm=\"pbx\", nonce=\"n1\", algorithm=MD5, qop=\"auth\"\r\nContent-Length: 0\r\n\r\n");

    private ISipCall Call(OutgoingCallOptions? options = null) =>
        _all.World.Await(_all.Server.CallUserAsync("q", "bob", "1001", options).AsTask());

    private void HangUp(ISipCall call, ScriptedPhone phone)
    {
        var done = call.HangUpAsync();
        phone.Respond(phone.WaitForRequest("BYE"), 200, "OK");
        _all.World.Await(done);
    }

    private void AssertNothingLeft()
    {
        _all.World.Advance(TimeSpan.FromSeconds(70));
        Assert.That(_all.Left, Is.EqualTo((0, 0, 0, 0)));
        Assert.That(_all.Server.Parts.Stack.Shards[0].Transactions.ClientCount, Is.Zero);
        Assert.That(_all.World.MediaNetwork.OpenSockets, Is.Zero);
    }
}
