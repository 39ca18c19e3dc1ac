using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>A called name has several addresses (RFC 3263 §4.3).</summary>
[SingleThreaded]
public sealed class FailoverTests
{
    private SignallingWorld _all = null!;
    private ScriptedPhone _first = null!;
    private ScriptedPhone _second = null!;

    [SetUp]
    public void SetUp()
    {
        _all = new SignallingWorld(options => options.Listen(SipTransportProtocol.Tcp, VirtualWorld.ServerEndPoint));
        _all.World.Hosts.Add("pbx.example.com", "10.0.3.1", "10.0.3.2");
        _first = new ScriptedPhone(_all.World, "pbx", "10.0.3.1");
        _second = new ScriptedPhone(_all.World, "pbx", "10.0.3.2");
    }

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void ServiceUnavailable_TheNextAddressIsTried()
    {
        var call = Call();
        var first = _first.WaitForRequest("INVITE");
        _first.Respond(first, 503, "Service Unavailable", extra: "Retry-After: 60\r\n");
        var second = _second.WaitForRequest("INVITE", TimeSpan.FromSeconds(1));
        Assert.That(second["Call-ID"], Is.EqualTo(first["Call-ID"]));
        Assert.That(second["From"], Is.EqualTo(first["From"]));
        Assert.That(int.Parse(second["CSeq"].Split(' ')[0]), Is.GreaterThan(int.Parse(first["CSeq"].Split(' ')[0])));
        Assert.That(SipText.Parameter(second["Via"], "branch"), Is.Not.EqualTo(SipText.Parameter(first["Via"], "branch")));
        _second.Respond(second, 200, "OK", _second.Sdp);
        Assert.That(_all.World.Await(call.Answered).IsAnswered, Is.True);
        var done = call.HangUpAsync();
        _second.Respond(_second.WaitForRequest("BYE"), 200, "OK");
        _all.World.Await(done);
        AssertNothingLeft();
    }

    [Test]
    public void NoResponse_TheNextAddressIsTried()
    {
        var call = Call();
        _second.Respond(_second.WaitForRequest("INVITE", TimeSpan.FromSeconds(33)), 200, "OK", _second.Sdp);
        Assert.That(_all.World.Await(call.Answered).IsAnswered, Is.True);
        Assert.That(SignallingWorld.Requests(_first, "INVITE"), Is.EqualTo(7), "timer A, until timer B");
    }

    [Test]
    public void LostConnection_TheNextAddressIsTried()
    {
        var (first, second) = (Tcp("10.0.3.1"), Tcp("10.0.3.2"));
        var call = Call(";transport=tcp");
        first.WaitForRequest("INVITE");
        _all.World.Network.BreakConnection(VirtualWorld.ServerEndPoint, first.EndPoint);
        second.Respond(second.WaitForRequest("INVITE", TimeSpan.FromSeconds(1)), 200, "OK", second.Sdp);
        Assert.That(_all.World.Await(call.Answered).IsAnswered, Is.True);
    }

    [Test]
    public void Trunk_HasItsOtherAddressTriedToo()
    {
        var trunk = new TrunkOptions { Name = "carrier", Server = "sip:pbx.example.com", Register = false };
        _all.World.Await(_all.Server.AddTrunkAsync(trunk));
        var call = _all.World.Await(_all.Server.CallTrunkAsync("q", "carrier", "123", "456").AsTask());
        _first.Respond(_first.WaitForRequest("INVITE"), 503, "Service Unavailable");
        _second.Respond(_second.WaitForRequest("INVITE", TimeSpan.FromSeconds(1)), 200, "OK", _second.Sdp);
        Assert.That(_all.World.Await(call.Answered).IsAnswered, Is.True);
    }

    [Test]
    public void AllUnavailable_IsTold_WithRetryAfter()
    {
        var call = Call();
        _first.Respond(_first.WaitForRequest("INVITE"), 503, "Service Unavailable", extra: "Retry-After: 5\r\n");
        _second.Respond(
            _second.WaitForRequest("INVITE"), 503, "Service Unavailable",
            extra: "Retry-After: 40 (in a meeting);duration=60\r\nReason: Q.850;cause=34\r\nWarning: 399 pbx \"no lines\"\r\n");
        var outcome = _all.World.Await(call.Answered);
        Assert.That((outcome.Cause, outcome.StatusCode), Is.EqualTo(((CallEndCause?)CallEndCause.Failed, 503)));
        Assert.That(outcome.Failure, Is.EqualTo(new CallFailure
        {
            RetryAfter = TimeSpan.FromSeconds(40),
            Contacts = outcome.Failure!.Contacts,
            Reason = "Q.850;cause=34",
            Warning = "399 pbx \"no lines\"",
        }));
        Assert.That(outcome.Failure.Contacts, Is.Empty);
        Assert.That(_all.World.Await(call.Ended).Failure, Is.EqualTo(outcome.Failure));
        AssertNothingLeft();
    }

    [TestCase(486)]
    [TestCase(404)]
    [TestCase(500)]
    [TestCase(408)]
    public void Refusal_IsFinal(int status)
    {
        var call = Call();
        _first.Respond(_first.WaitForRequest("INVITE"), status, "No");
        Assert.That(_all.World.Await(call.Answered).StatusCode, Is.EqualTo(status));
        Assert.That(_second.Received, Is.Empty);
        AssertNothingLeft();
    }

    [Test]
    public void HangUp_WhileTheFirstIsSilent_TriesNoOther()
    {
        var call = Call();
        _first.WaitForRequest("INVITE");
        _all.World.Await(call.HangUpAsync());
        _all.World.Advance(TimeSpan.FromSeconds(40));
        Assert.That(_second.Received, Is.Empty);
        AssertNothingLeft();
    }

    [Test]
    public void OtherAddress_IsNotConnectedTo_BeforeItIsNeeded()
    {
        var first = Tcp("10.0.3.1");
        Call(";transport=tcp");
        first.WaitForRequest("INVITE");
        Assert.That(_all.World.Network.ConnectionsOf(VirtualWorld.ServerEndPoint), Is.EqualTo(1));
    }

    private ScriptedPhone Tcp(string host) => new(_all.World, "pbx", host, protocol: SipTransportProtocol.Tcp);

    private ISipCall Call(string parameters = "") =>
        _all.World.Await(_all.Server.CallServerAsync("q", $"sip:2000@pbx.example.com{parameters}", "1001").AsTask());

    private void AssertNothingLeft()
    {
        _all.World.Advance(TimeSpan.FromSeconds(70));
        Assert.That(_all.Left, Is.EqualTo((0, 0, 0, 0)));
        Assert.That(_all.Server.Parts.Stack.Shards[0].Transactions.ClientCount, Is.Zero);
        Assert.That(_all.World.MediaNetwork.OpenSockets, Is.Zero);
    }
}
