using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Signalling;

/// <summary>What every client does with what it gets (RFC 3261 §8.1.3, §10.2, §22.3), message by message.</summary>
[SingleThreaded]
[Property("rfc", "3261-8.1.3.2")]
public sealed class ClientRulesTests
{
    private static readonly OutgoingCallOptions WithPassword = new() { Credentials = new SipCredentials("trunk", "secret") };

    private SignallingWorld _all = null!;
    private ScriptedPhone _bob = null!;

    [SetUp]
    public void SetUp()
    {
        _all = new SignallingWorld();
        _bob = new ScriptedPhone(_all.World, "bob", "10.0.2.2");
    }

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [TestCase(499, 400)]
    [TestCase(599, 500)]
    [TestCase(699, 600)]
    public void UnknownFinalStatus_EndsTheCallAsThatOfItsClass(int unknown, int known) =>
        Assert.That(CauseOf(unknown), Is.EqualTo(CauseOf(known)));

    [TestCase(183)]
    [TestCase(188)]
    public void UnknownProvisionalStatus_IsProgress(int status)
    {
        var call = Call();
        _bob.Respond(_bob.WaitForRequest("INVITE"), status, "Whatever");
        _all.World.RunUntil(() => call.State == CallState.Ringing, TimeSpan.FromSeconds(1));

        Assert.That(call.State, Is.EqualTo(CallState.Ringing));
    }

    [Test]
    [Property("rfc", "3261-22.3")]
    public void CredentialsOfACall_AreNotInTheNext()
    {
        _ = Call(WithPassword);
        var first = _bob.WaitForRequest("INVITE");
        _bob.Received.Clear();
        _bob.Respond(first, 407, "Proxy Authentication Required",
            extra: "Proxy-Authenticate: Digest realm=\"pbx\", nonce=\"n1\", algorithm=MD5, qop=\"auth\"\r\n");
        var again = _bob.WaitFor(m => m.Method == "INVITE" && m["Proxy-Authorization"].Length > 0);
        _bob.Respond(again, 486, "Busy Here");
        _all.World.Advance(TimeSpan.FromSeconds(1));
        _bob.Received.Clear();
        _ = Call(WithPassword);

        Assert.That(_bob.WaitForRequest("INVITE")["Proxy-Authorization"], Is.Empty);
    }

    [Test]
    [Property("rfc", "3261-10.2")]
    public void Registration_OneAtATime_EachWithTheNextNumber()
    {
        _ = _all.Server.AddTrunkAsync(new TrunkOptions
        {
            Name = "carrier",
            Server = "sip:10.0.2.2",
            Domain = "carrier.test",
            Register = true,
            Credentials = new SipCredentials("acct", "s3cret"),
            Expires = TimeSpan.FromMinutes(10),
        });
        var first = _bob.WaitForRequest("REGISTER");
        _all.World.Advance(TimeSpan.FromSeconds(20));
        Assert.That(_bob.Received.Select(m => m["CSeq"]).Distinct(), Has.Exactly(1).Items, "one until it is answered or given up");
        Assert.That(first["Record-Route"] + first["Route"], Is.Empty);

        _bob.Received.Clear();
        _bob.Respond(first, 200, "OK", extra: "Expires: 600\r\nRecord-Route: <sip:10.9.9.9;lr>\r\n");
        _all.World.Advance(TimeSpan.FromSeconds(1));
        _bob.Received.Clear();
        var second = _bob.WaitForRequest("REGISTER", TimeSpan.FromMinutes(10));
        Assert.That(Number(second), Is.EqualTo(Number(first) + 1));
        Assert.That((second["Call-ID"], second["Route"]), Is.EqualTo((first["Call-ID"], "")), "no route set comes of a REGISTER");
    }

    private static int Number(SipText message) => int.Parse(message["CSeq"].Split(' ')[0], null);

    private Hooks.CallEndCause? CauseOf(int status)
    {
        _bob.Received.Clear();
        var call = Call();
        _bob.Respond(_bob.WaitForRequest("INVITE"), status, "Whatever");
        return _all.World.Await(call.Answered).Cause;
    }

    private ISipCall Call(OutgoingCallOptions? options = null) =>
        _all.World.Await(_all.Server.CallServerAsync("room1", "sip:2000@10.0.2.2", "1001", options).AsTask());
}
