using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Identity;

/// <summary>Who calls, as the host is told, by who says it (RFC 3323, 3325, 5806, 7044, 8224).</summary>
[SingleThreaded]
public sealed class IncomingIdentityTests
{
    private const string All = "P-Asserted-Identity: \"Boss\" <sip:+4930100@carrier.test>, <tel:+49-30-100>\r\n"
        + "Remote-Party-ID: \"Old\" <sip:+4930200@carrier.test>;party=calling;privacy=off\r\n"
        + "Diversion: <sip:+4930300@carrier.test>;reason=user-busy;counter=1, <tel:+49-30-301>;reason=unconditional\r\n"
        + "Identity: eyJhbGciOiJFUzI1NiJ9..sig;info=<https://cert.example/c.pem>;alg=ES256;ppt=shaken\r\n";

    private VirtualWorld _world = null!;
    private TestHost _host = null!;
    private SipServer _server = null!;
    private ScriptedPhone _alice = null!;
    private ScriptedPhone _carrier = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _host = new TestHost();
        _server = _world.StartServer(_host.Handlers, o => o.Authentication.OpenNumberPrefixes.Add("open-"));
        _alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
        _carrier = new ScriptedPhone(_world, "carrier", "10.0.3.1");
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void Trunk_IsBelieved()
    {
        var invite = FromTrunk(All);
        Assert.That(
            (invite.Identity?.Number, invite.Identity?.DisplayName, invite.Identity?.Uri),
            Is.EqualTo(("+4930100", "Boss", "sip:+4930100@carrier.test")));
        Assert.That(
            invite.Diversions.Select(d => (d.Address.Number, d.Reason)),
            Is.EqualTo(new[] { ("+4930300", "user-busy"), ("+4930301", "unconditional") }));
        Assert.That(invite.IdentityTokens.Single(), Does.StartWith("eyJ").And.EndWith("ppt=shaken"));
        Assert.That(invite.IsAnonymous, Is.False);
    }

    [Test]
    public void RemotePartyId_CountsWhereNothingIsAsserted() =>
        Assert.That(
            FromTrunk("Remote-Party-ID: <sip:+4930201@carrier.test>;party=called, <sip:+4930200@carrier.test>;party=calling\r\n")
                .Identity?.Number,
            Is.EqualTo("+4930200"));

    [Test]
    public void FromOfATrunk_CountsWhereNothingElseIsThere() =>
        Assert.That(FromTrunk("").Identity, Is.EqualTo(new SipAddress("sip:carrier@test.local")));

    [Test]
    public void WithheldNumberOfATrunk_IsToldWithItsWish()
    {
        var invite = FromTrunk(All + "Privacy: id\r\n", "\"Anonymous\" <sip:anonymous@anonymous.invalid>");
        Assert.That((invite.From, invite.IsAnonymous, invite.Identity?.Number), Is.EqualTo(("anonymous", true, "+4930100")));
        Assert.That(FromTrunk("", "<sip:anonymous@anonymous.invalid>", "c2").Identity, Is.Null, "nobody says who it is");
    }

    [Test]
    public void HistoryInfo_TellsForwardings()
    {
        var invite = FromTrunk(
            "History-Info: <sip:+4930300@carrier.test>;index=1\r\n"
            + "History-Info: <sip:+4930301@carrier.test;cause=486>;index=1.1;mp=1, "
            + "<sip:+4930302@carrier.test;cause=302>;index=1.1.1;mp=1.1\r\n"
            + "History-Info: <sip:room1@test.local>;index=1.1.1.1;rc=1.1.1\r\n");
        Assert.That(
            invite.Diversions.Select(d => (d.Address.Number, d.Reason)),
            Is.EqualTo(new[] { ("+4930301", "unconditional"), ("+4930300", "user-busy") }));
    }

    [Test]
    public void PhoneWithAPassword_MayNotAssert()
    {
        var invite = FromAlice("<sip:alice@test.local>", All);
        Assert.That(invite.Identity, Is.EqualTo(new SipAddress("sip:alice@test.local")));
        Assert.That(invite.Diversions, Is.Empty);
        Assert.That(invite.IdentityTokens, Has.Count.EqualTo(1), "who checks the signature need not trust the sender");
        Assert.That(invite.GetHeader("P-Asserted-Identity"), Is.Not.Null, "what was received is there to be seen");
    }

    [Test]
    public void Stranger_IsNobody()
    {
        _alice.Send(_alice.Request("INVITE", "open-1", "c1", _alice.Sdp, _alice.Contact() + All));
        _alice.WaitForResponse("INVITE", 200);
        Assert.That(_host.Invited.Single(), Has.Property("Identity").Null.And.Property("Diversions").Empty);
    }

    [TestCase("\"Anonymous\" <sip:anonymous@anonymous.invalid>")]
    [TestCase("Anonymous <sip:c8oqz84zk7z@privacy.invalid>")]
    [TestCase("<sip:anonymous@test.local>")]
    [TestCase("<sip:Anonymous@other.example>")]
    [TestCase("sip:anonymous@ANONYMOUS.INVALID")]
    [TestCase("<sip:anonymous-sip.com>")]
    [TestCase("\"\" <sip:unknown@unknown.invalid>")]
    public void NumberWithheld_WithARightPassword_MayCall(string from)
    {
        var invite = FromAlice(from, "Privacy: id\r\n");
        Assert.That((invite.Username, invite.IsAnonymous, invite.Identity?.Number), Is.EqualTo(("alice", true, "alice")));
    }

    [TestCase("<sip:1002@test.local>", "1002")]
    [TestCase("\"Chief\" <sip:1001@test.local>", "1001")]
    [TestCase("<sip:9999@test.local>", "1001")]
    public void PreferredIdentity_IsTakenWhenItIsHis(string preferred, string number)
    {
        _host.Authorize = static (request, _) => ValueTask.FromResult(AuthDecision.WithHa1(
            Core.Authentication.Ha1.Compute(request.Algorithm, request.Username, request.Realm, "pw-" + request.Username),
            ["1001", "1002"]));
        var invite = FromAlice("<sip:anonymous@anonymous.invalid>", $"Privacy: id\r\nP-Preferred-Identity: {preferred}\r\n");
        Assert.That(invite.Identity?.Number, Is.EqualTo(number));
    }

    [TestCase("none", false)]
    [TestCase("id", true)]
    [TestCase("user;critical", true)]
    [TestCase("header;session", true)]
    [TestCase("critical", false)]
    public void PrivacyWithARealFrom(string privacy, bool isAnonymous) =>
        Assert.That(FromAlice("<sip:alice@test.local>", $"Privacy: {privacy}\r\n").IsAnonymous, Is.EqualTo(isAnonymous));

    [Test]
    public void NumberWithheld_WithAWrongPassword_Is403()
    {
        Send("<sip:anonymous@anonymous.invalid>", "", "wrong");
        _alice.WaitForResponse("INVITE", 403);
    }

    [TestCase("sip:room1;npdi;rn=+15550000001@test.local;user=phone", "room1")]
    [TestCase("sip:+49(30)12-34;cic=+1-999;npdi@test.local", "+49301234")]
    [TestCase("tel:+49-30-1234", "+49301234")]
    [TestCase("tel:7042;phone-context=test.local", "7042")]
    [TestCase("sip:conf-1@test.local", "conf-1")]
    [TestCase("sip:conf-1@test.local;user=phone", "conf-1")]
    [TestCase("sip:a;b@test.local", "a;b")]
    public void Number_IsToldPlain(string uri, string number)
    {
        _world.Await(_server.AddTrunkAsync(new TrunkOptions { Name = "carrier", Server = "sip:10.0.3.1" }));
        var text = _carrier.Request("INVITE", "room1", "c1", _carrier.Sdp, _carrier.Contact());
        _carrier.Send(text.Replace("INVITE sip:room1@test.local", $"INVITE {uri}", StringComparison.Ordinal)
            .Replace("<sip:room1@test.local>", $"<{uri}>", StringComparison.Ordinal));
        _carrier.WaitForResponse("INVITE", 200);
        Assert.That(_host.Invited.Single(), Has.Property("To").EqualTo(number).And.Property("RequestUri").EqualTo(uri));
    }

    [TestCase("Bob (Sales) <sip:alice@test.local>", "Bob (Sales)")]
    [TestCase("Müller, Hans <sip:alice@test.local>", "Müller, Hans")]
    [TestCase("+49/30/123 <sip:alice@test.local>", "+49/30/123")]
    [TestCase("bob@home <sip:alice@test.local>", "bob@home")]
    [TestCase("\"a \\\"b\\\" \\\\c\" <sip:alice@test.local>", "a \"b\" \\c")]
    [TestCase("<sip:alice@test.local>", null)]
    public void DisplayName_IsToldAsItIsMeant(string from, string? name) =>
        Assert.That(FromAlice(from, "").FromDisplayName, Is.EqualTo(name));

    private InviteRequest FromTrunk(string headers, string? from = null, string callId = "c1")
    {
        if (_server.Trunks.Count == 0)
            _world.Await(_server.AddTrunkAsync(new TrunkOptions { Name = "carrier", Server = "sip:10.0.3.1" }));
        var text = _carrier.Request("INVITE", "room1", callId, _carrier.Sdp, _carrier.Contact() + headers);
        _carrier.Send(from is null ? text : text.Replace("<sip:carrier@test.local>;tag", from + ";tag", StringComparison.Ordinal));
        _carrier.WaitFor(m => m.Status == 200 && m["Call-ID"] == callId);
        return _host.Invited[^1];
    }

    private InviteRequest FromAlice(string from, string headers)
    {
        Send(from, headers, null);
        Assert.That(_alice.WaitFor(m => m.IsResponse && m.Status is >= 200 and not 401).Status, Is.EqualTo(200));
        return _host.Invited.Single();
    }

    private void Send(string from, string headers, string? password)
    {
        string Text(string authorization) => _alice.Request("INVITE", "room1", "c1", _alice.Sdp, _alice.Contact() + headers + authorization)
            .Replace("<sip:alice@test.local>;tag", from + ";tag", StringComparison.Ordinal);
        _alice.Send(Text(""));
        _alice.Send(Text(_alice.Authorize(_alice.WaitForResponse("INVITE", 401), "INVITE", "sip:room1@test.local", password)));
    }
}
