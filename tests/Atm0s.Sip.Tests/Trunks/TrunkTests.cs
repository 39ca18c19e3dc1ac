using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Trunks;

/// <summary>We as a client of another server: registering, calling over it, and being called by it (RFC 3261 §10.2, §22.2).</summary>
[SingleThreaded]
public sealed class TrunkTests
{
    private const string Challenge = "WWW-Authenticate: Digest realm=\"carrier.test\", nonce=\"n1\", algorithm=MD5, qop=\"auth\"\r\n";

    private VirtualWorld _world = null!;
    private TestHost _host = null!;
    private SipServer _server = null!;
    private ScriptedPhone _carrier = null!;

    private static TrunkOptions Trunk { get; } = new()
    {
        Name = "carrier", Server = "sip:10.0.3.1", Domain = "carrier.test", Register = true,
            Credentials = new SipCredentials("acct", "s3cret"), Expires = TimeSpan.FromMinutes(10),
    };

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _host = new TestHost();
        _server = _world.StartServer(_host.Handlers);
        _carrier = new ScriptedPhone(_world, "carrier", "10.0.3.1");
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void Registers_WithDigest_AndStaysRegistered()
    {
        var added = _server.AddTrunkAsync(Trunk);
        var register = _carrier.WaitForRequest("REGISTER");
        Assert.That(register.StartLine, Is.EqualTo("REGISTER sip:carrier.test SIP/2.0"));
        Assert.That(register["To"], Is.EqualTo("<sip:acct@carrier.test>"));
        Assert.That(register["Expires"], Is.EqualTo("600"));
        Next("REGISTER", 401, extra: Challenge);
        register = _carrier.WaitForRequest("REGISTER");
        Assert.That(register["Authorization"], Does.Contain("username=\"acct\"").And.Contain("realm=\"carrier.test\"")
            .And.Contain("uri=\"sip:carrier.test\""));
        Assert.That(register["Authorization"], Does.Not.Contain("s3cret"));
        Next("REGISTER", 200, extra: "Expires: 600\r\n");

        var info = _world.Await(added);
        Assert.That(info, Is.EqualTo(new TrunkInfo("carrier", "sip:10.0.3.1", TrunkState.Registered, 200, TimeSpan.FromMinutes(10))));
        Assert.That(_server.Trunks, Is.EqualTo(new[] { info }));
        var again = _carrier.WaitForRequest("REGISTER", TimeSpan.FromMinutes(9));
        Assert.That(again["Call-ID"], Is.EqualTo(register["Call-ID"]), "one Call-ID for all (RFC 3261 §10.2)");
        Assert.That(int.Parse(again["CSeq"].Split(' ')[0], null), Is.GreaterThan(int.Parse(register["CSeq"].Split(' ')[0], null)));
    }

    [Test]
    public void WrongPassword_IsToldAtOnce_AndTriedAgainLater()
    {
        var added = _server.AddTrunkAsync(Trunk);
        Next("REGISTER", 401, extra: Challenge);
        Next("REGISTER", 403);
        Assert.That(_world.Await(added), Has.Property("State").EqualTo(TrunkState.Failed).And.Property("StatusCode").EqualTo(403));
        Next("REGISTER", 200, "Expires: 600\r\n", TimeSpan.FromSeconds(31));
        _world.RunUntil(() => _server.Trunks.Single().State == TrunkState.Registered);
    }

    [Test]
    public void Silence_Is408_AndTriedAgainEverLater()
    {
        _carrier.Received.Clear();
        var info = _world.Await(_server.AddTrunkAsync(Trunk with { Server = "sip:10.0.3.99" }), TimeSpan.FromSeconds(40));
        Assert.That(info, Has.Property("State").EqualTo(TrunkState.Failed).And.Property("StatusCode").EqualTo(408));
    }

    [Test]
    public void Remove_TakesTheRegistrationBack()
    {
        Register();
        var removed = _server.RemoveTrunkAsync("carrier");
        var register = _carrier.WaitForRequest("REGISTER");
        Assert.That(register["Expires"], Is.EqualTo("0"));
        _carrier.Respond(register, 200, "OK");
        Assert.That(_world.Await(removed), Is.True);
        Assert.That(_world.Await(_server.RemoveTrunkAsync("carrier")), Is.False, "safe to repeat");
        Assert.That(_server.Trunks, Is.Empty);
        _carrier.Received.Clear();
        _world.Advance(TimeSpan.FromMinutes(20));
        Assert.That(_carrier.Received, Is.Empty, "no refresh any more");
    }

    [Test]
    public void CallOverTheTrunk_AnswersItsChallenge()
    {
        _world.Await(_server.AddTrunkAsync(Trunk with { Register = false }));
        var call = _world.Await(_server.CallTrunkAsync("room1", "carrier", "+4930123", "+4930999").AsTask());
        var invite = _carrier.WaitForRequest("INVITE");
        Assert.That(invite.StartLine, Is.EqualTo("INVITE sip:+4930123@carrier.test SIP/2.0"));
        Assert.That(invite["From"], Does.Contain("sip:+4930999@carrier.test"));
        Next("INVITE", 407, extra: Challenge.Replace("WWW-Authenticate", "Proxy-Authenticate", StringComparison.Ordinal));
        _carrier.WaitForRequest("ACK");
        invite = _carrier.WaitForRequest("INVITE");
        Assert.That(invite["Proxy-Authorization"], Does.Contain("username=\"acct\""));
        _carrier.Respond(invite, 200, "OK", _carrier.Sdp, extra: "X-Carrier-Id: 77\r\n");
        Assert.That(_world.Await(call.Answered).IsAnswered, Is.True);
        Assert.That(call.Info.Trunk, Is.EqualTo("carrier"));
        Assert.That(call.RemoteHeaders, Does.Contain(new KeyValuePair<string, string>("X-Carrier-Id", "77")));
    }

    [Test]
    public void CallOverNoTrunk_IsGone()
    {
        var call = _world.Await(_server.CallTrunkAsync("room1", "nowhere", "1", "2").AsTask());
        Assert.That(_world.Await(call.Answered), Is.EqualTo(new CallOutcome(false, CallEndCause.Gone, 404)));
    }

    [Test]
    public void CallFromTheTrunk_IsKnownByItsAddress_AndNeedsNoPassword()
    {
        _world.Await(_server.AddTrunkAsync(Trunk with { Register = false }));
        _carrier.Send(_carrier.Request("INVITE", "room1", "c1", _carrier.Sdp, _carrier.Contact()));
        _carrier.WaitForResponse("INVITE", 200);
        var invite = _host.Invited.Single();
        Assert.That(
            (invite.Trunk, invite.Authentication, invite.Username), Is.EqualTo(("carrier", CallerAuthentication.Address, (string?)null)));
        Assert.That(_server.Calls.Single().Info.Trunk, Is.EqualTo("carrier"));
    }

    [Test]
    public void CallFromATrunkThatIsNotTrusted_IsChallenged_AndMayNameAnyCaller()
    {
        _world.Await(_server.AddTrunkAsync(Trunk with { Register = false, TrustNetworks = false }));
        var invite = _carrier.Invite("room1", "c1");
        Assert.That(_carrier.WaitFor(m => m.IsResponse && m.Status >= 200).Status, Is.EqualTo(200), invite.Raw);
        Assert.That(_host.Invited.Single(), Has.Property("Authentication").EqualTo(CallerAuthentication.Digest).And.Property("Trunk")
            .EqualTo("carrier"));
    }

    [Test]
    public void TrunkIsTrustedWithCalls_NotWithRegistering()
    {
        _world.Await(_server.AddTrunkAsync(Trunk with { Register = false }));
        _carrier.Send(_carrier.Request("REGISTER", null, "r1", extra: _carrier.Contact()));
        _carrier.WaitForResponse("REGISTER", 401);
    }

    [Test]
    public void Networks_SayWhereItsCallsComeFrom()
    {
        _world.Await(_server.AddTrunkAsync(Trunk with { Register = false, Networks = ["10.0.4.0/24"] }));
        var gateway = new ScriptedPhone(_world, "gw", "10.0.4.7");
        gateway.Send(gateway.Request("INVITE", "room1", "c1", gateway.Sdp, gateway.Contact()));
        gateway.WaitForResponse("INVITE", 200);
        _carrier.Send(_carrier.Request("INVITE", "room1", "c2", _carrier.Sdp, _carrier.Contact()));
        _carrier.WaitForResponse("INVITE", 401);
    }

    [Test]
    public void TwoAccountsAtOneServer_AreToldApartByTheContactThatIsCalled()
    {
        foreach (var user in new[] { "acct1", "acct2" })
            _world.Await(_server.AddTrunkAsync(Trunk with { Name = "trunk-" + user, User = user, Register = false }));
        foreach (var user in new[] { "acct2", "acct1" })
        {
            var invite = _carrier.Request("INVITE", "+4930123", "c-" + user, _carrier.Sdp, _carrier.Contact());
            _carrier.Send(invite.Replace("INVITE sip:+4930123@", $"INVITE sip:{user}@", StringComparison.Ordinal));
            _carrier.WaitFor(m => m.IsResponse && m.Status == 200 && m["Call-ID"] == "c-" + user);
        }

        Assert.That(
            _host.Invited.Select(i => (i.Trunk, i.To)), Is.EqualTo(new[] { ("trunk-acct2", "+4930123"), ("trunk-acct1", "+4930123") }));
    }

    [TestCase("", "sip:10.0.3.1", "Name")]
    [TestCase("a", "10.0.3.1", "write for example sip:")]
    [TestCase("a", "sip:bob@10.0.3.1", "without a user")]
    public void WhatCantWork_IsRefusedWithASentence(string name, string server, string says) =>
        Assert.That(
            () => _server.AddTrunkAsync(Trunk with { Name = name, Server = server }), Throws.ArgumentException.With.Message.Contains(says));

    // What is in every message has a length: else one day no datagram holds the message.
    [Test]
    public void TextsThatNoMessageHolds_AreRefused()
    {
        var text = new string('a', 257);
        TrunkOptions[] wrong =
        [
            Trunk with { User = text }, Trunk with { Domain = text }, Trunk with { Domain = "m\u00fcller.example" },
            Trunk with { Server = $"sip:10.0.3.1;x={new string('a', 1024)}" }, Trunk with { Credentials = new SipCredentials(text, "pw") },
        ];
        foreach (var trunk in wrong)
            Assert.That(() => _server.AddTrunkAsync(trunk), Throws.ArgumentException);
        Assert.That(
            () => _server.CallServerAsync("room1", $"sip:{new string('1', 1024)}@10.0.3.1", "1").AsTask(), Throws.ArgumentException);
    }

    [Test]
    public void NameThatIsTaken_IsRefused()
    {
        _world.Await(_server.AddTrunkAsync(Trunk with { Register = false }));
        Assert.That(() => _server.AddTrunkAsync(Trunk), Throws.ArgumentException.With.Message.Contains("already"));
    }

    [Test]
    public void StopOfTheServer_Unregisters()
    {
        Register();
        var stop = _server.StopAsync();
        Next("REGISTER", 200);
        _world.Complete(stop);
        Assert.That(_carrier.Received, Is.Empty);
    }

    private void Register()
    {
        var added = _server.AddTrunkAsync(Trunk);
        Next("REGISTER", 401, extra: Challenge);
        Next("REGISTER", 200, "Expires: 600\r\n");
        Assert.That(_world.Await(added).State, Is.EqualTo(TrunkState.Registered));
    }

    private void Next(string method, int status, string extra = "", TimeSpan? limit = null)
    {
        var request = _carrier.WaitForRequest(method, limit);
        _carrier.Received.Remove(request);
        _carrier.Respond(request, status, "Whatever", extra: extra);
    }
}
