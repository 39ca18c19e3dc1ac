using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>Session timers with phones (RFC 4028), message by message.</summary>
[SingleThreaded]
[Property("rfc", "4028-9")]
public sealed class SessionTimerRulesTests
{
    private SignallingWorld _all = null!;

    [SetUp]
    public void SetUp() => _all = new SignallingWorld(options => options.Media.Timeout = TimeSpan.Zero);

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    [Property("rfc", "4028-6")]
    public void IntervalBelow90_Is422WithMinSe()
    {
        Send("Supported: timer\r\nSession-Expires: 60\r\n");

        Assert.That(_all.Alice.WaitForResponse("INVITE", 422)["Min-SE"], Is.EqualTo("90"));
        Assert.That(_all.Server.Calls, Is.Empty);
    }

    [TestCase("UPDATE")]
    [TestCase("INVITE")]
    public void Granted_WeRefreshAtHalfOfIt(string method)
    {
        var allow = method == "UPDATE" ? "Allow: INVITE, ACK, BYE, UPDATE\r\n" : "";
        var (_, ok) = Answered("Supported: timer\r\nSession-Expires: 300\r\n" + allow);
        Assert.That((ok["Session-Expires"], ok["Require"]), Is.EqualTo(("300;refresher=uas", "timer")));
        _all.Alice.Received.Clear();
        _all.World.Advance(TimeSpan.FromSeconds(149));
        Assert.That(_all.Alice.Received, Is.Empty);

        var refresh = _all.Alice.WaitForRequest(method, TimeSpan.FromSeconds(2));
        Assert.That(refresh["Session-Expires"], Is.EqualTo("300;refresher=uac"), "§7.4: the roles stay");
        Assert.That(string.Join(',', refresh.All("Supported")), Does.Contain("timer"), "§7.1");
        Assert.That(refresh.Body.Contains("m=audio", StringComparison.Ordinal), Is.EqualTo(method == "INVITE"), "§7.4");
        var granted = "Require: timer\r\nSession-Expires: 300;refresher=uac\r\n";
        _all.Alice.Respond(refresh, 200, "OK", method == "INVITE" ? _all.Alice.Sdp : "", extra: granted);
        _all.World.Advance(TimeSpan.FromSeconds(1));
        _all.Alice.Received.Clear();
        _all.Alice.WaitForRequest(method, TimeSpan.FromSeconds(151));
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    [Property("rfc", "4028-10")]
    public void PeerThatDoesNotRefresh_IsHungUpShortlyBeforeTheExpiration()
    {
        var (_, ok) = Answered("Supported: timer\r\nSession-Expires: 300;refresher=uac\r\n");
        Assert.That((ok["Session-Expires"], ok["Require"]), Is.EqualTo(("300;refresher=uac", "timer")));
        _all.World.Advance(TimeSpan.FromSeconds(266));
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(1));

        _all.Alice.WaitForRequest("BYE", TimeSpan.FromSeconds(3));
        Assert.That(_all.Host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.SessionExpired));
    }

    [TestCase("UPDATE")]
    [TestCase("INVITE")]
    public void RefreshOfThePeer_StartsTheIntervalAnew(string method)
    {
        var (invite, ok) = Answered("Supported: timer\r\nSession-Expires: 300;refresher=uac\r\n");
        _all.World.Advance(TimeSpan.FromSeconds(200));
        var refresh = _all.Alice.InDialog(
            method,
            invite,
            ok,
            method == "INVITE" ? _all.Alice.Sdp : "",
            extra: "Supported: timer\r\nSession-Expires: 300;refresher=uac\r\n");
        var answer = _all.Alice.WaitFor(m => m.IsResponse && m["CSeq"] == refresh["CSeq"] && m.Status >= 200);
        Assert.That(answer["Session-Expires"], Is.EqualTo("300;refresher=uac"));
        if (method == "INVITE")
            _all.Alice.Ack(refresh, answer);
        _all.World.Advance(TimeSpan.FromSeconds(265));

        Assert.That(_all.Server.Calls, Has.Count.EqualTo(1));
    }

    [TestCase(481)]
    [TestCase(408)]
    [Property("rfc", "4028-10")]
    public void RefreshThatFindsNobody_EndsTheCall(int status)
    {
        Answered("Supported: timer\r\nAllow: UPDATE\r\nSession-Expires: 300\r\n");
        _all.Alice.Respond(_all.Alice.WaitForRequest("UPDATE", TimeSpan.FromSeconds(151)), status, "Gone");
        _all.Alice.WaitForRequest("BYE", TimeSpan.FromSeconds(1));

        Assert.That(_all.Server.Calls, Is.Empty);
    }

    [Test]
    [Property("rfc", "4028-7.3")]
    public void OurInviteThatIsAnswered422_IsSentAgainWithALongerInterval()
    {
        var bob = new ScriptedPhone(_all.World, "bob", "10.0.2.2");
        bob.Register();
        bob.Received.Clear();
        _ = _all.Server.CallClientAsync("r", _all.Server.FindRegistrations("bob")[0].SessionId, "1").AsTask();
        var first = bob.WaitForRequest("INVITE");
        Assert.That(first["Session-Expires"], Is.EqualTo("1800"));
        Assert.That(string.Join(',', first.All("Supported")), Does.Contain("timer"));
        bob.Received.Clear();
        bob.Respond(first, 422, "Session Interval Too Small", extra: "Min-SE: 3600\r\n");
        var second = bob.WaitForRequest("INVITE");

        Assert.That((second["Session-Expires"], second["Min-SE"]), Is.EqualTo(("3600", "3600")));
        Assert.That(second["Call-ID"], Is.EqualTo(first["Call-ID"]));
        Assert.That(int.Parse(second["CSeq"].Split(' ')[0], null), Is.EqualTo(int.Parse(first["CSeq"].Split(' ')[0], null) + 1));
    }

    private void Send(string headers) =>
        _all.Alice.Send(_all.Alice.Request("INVITE", "open-house", "c1", _all.Alice.Sdp, _all.Alice.Contact() + headers));

    private (SipText Invite, SipText Ok) Answered(string headers)
    {
        var invite = _all.Alice.Request("INVITE", "open-house", "c1", _all.Alice.Sdp, _all.Alice.Contact() + headers);
        _all.Alice.Send(invite);
        var ok = _all.Alice.WaitForResponse("INVITE", 200);
        _all.Alice.Ack(new SipText(invite), ok);
        _all.World.Advance(TimeSpan.FromMilliseconds(50));
        return (new SipText(invite), ok);
    }
}
