using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Identity;

/// <summary>What our calls say of who calls (RFC 3323, 3325, 5806, 8224).</summary>
[SingleThreaded]
public sealed class OutgoingIdentityTests
{
    private VirtualWorld _world = null!;
    private SipServer _server = null!;
    private ScriptedPhone _carrier = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _server = _world.StartServer(new TestHost().Handlers);
        _carrier = new ScriptedPhone(_world, "carrier", "10.0.3.1");
        _world.Await(_server.AddTrunkAsync(new TrunkOptions { Name = "carrier", Server = "sip:10.0.3.1", Domain = "carrier.test" }));
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void Everything_IsWritten()
    {
        var invite = Call(new OutgoingCallOptions
        {
            Identity = new SipAddress("sip:+4930100@carrier.test", "Acme \"Ltd\""),
            Diversions = [new Diversion(new SipAddress("tel:+4930300"), "user-busy"), new Diversion(new SipAddress("sip:1@x"))],
            IdentityTokens = ["eyJ..sig;info=<https://cert.example/c.pem>"],
        });
        Assert.That(invite["From"], Does.Contain("<sip:77880099@carrier.test>"));
        Assert.That(invite["P-Asserted-Identity"], Is.EqualTo("\"Acme \\\"Ltd\\\"\" <sip:+4930100@carrier.test>"));
        Assert.That(invite.All("Diversion"), Is.EqualTo(new[] { "<tel:+4930300>;reason=user-busy", "<sip:1@x>" }));
        Assert.That(invite["Identity"], Is.EqualTo("eyJ..sig;info=<https://cert.example/c.pem>"));
        Assert.That(invite["Privacy"], Is.Empty);
    }

    [Test]
    public void Anonymous_HidesTheNumber_FromThePerson_NotFromTheNetwork()
    {
        var options = new OutgoingCallOptions
        {
            Anonymous = true,
            DisplayName = "Secret",
            Identity = new SipAddress("sip:+4930100@carrier.test"),
            IdentityTokens = ["eyJ..sig;info=<https://cert.example/c.pem>"],
        };
        var invite = Call(options);
        Assert.That(invite["From"], Does.StartWith("\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag="));
        Assert.That(invite["Privacy"], Is.EqualTo("id"));
        Assert.That(invite["P-Asserted-Identity"], Is.EqualTo("<sip:+4930100@carrier.test>"));
        Assert.That(invite.Raw, Does.Not.Contain("77880099").And.Not.Contain("Secret"));

        var bob = new ScriptedPhone(_world, "bob", "10.0.2.2");
        bob.Register();
        bob.Received.Clear();
        _world.Await(_server.CallClientAsync("room2", _server.FindRegistrations("bob")[0].SessionId, "77880099", options).AsTask());
        var atBob = bob.WaitForRequest("INVITE");
        Assert.That(atBob.Raw, Does.Not.Contain("77880099").And.Not.Contain("4930100"));
        Assert.That((invite["Identity"], atBob["Identity"]), Is.EqualTo(("eyJ..sig;info=<https://cert.example/c.pem>", "")),
            "a token names the caller");
    }

    [Test]
    public void Anonymous_StaysSo_InTheDialog()
    {
        var options = new OutgoingCallOptions { Anonymous = true };
        var call = _world.Await(_server.CallTrunkAsync("room1", "carrier", "123", "77880099", options).AsTask());
        var invite = _carrier.WaitForRequest("INVITE");
        _carrier.Respond(invite, 200, "OK", _carrier.Sdp);
        Assert.That(_world.Await(call.Answered).IsAnswered, Is.True);
        _carrier.WaitForRequest("ACK");
        _carrier.Received.Clear();
        _ = call.HoldAsync();
        Assert.That(_carrier.WaitForRequest("INVITE").Raw, Does.Not.Contain("77880099"));
    }

    [Test]
    public void TrunkWithADomain_IsCalledByItsDomain()
    {
        var proxy = new ScriptedPhone(_world, "proxy", "10.0.3.4", 5080);
        _world.Await(_server.AddTrunkAsync(new TrunkOptions { Name = "p", Server = "sip:10.0.3.4:5080", Domain = "far.test" }));
        _world.Await(_server.CallTrunkAsync("room1", "p", "123", "456").AsTask());
        var invite = proxy.WaitForRequest("INVITE");
        Assert.That(invite.StartLine, Is.EqualTo("INVITE sip:123@far.test SIP/2.0"));
        Assert.That((invite["To"], invite["From"].Split(';')[0]), Is.EqualTo(("<sip:123@far.test>", "<sip:456@far.test>")));
    }

    [Test]
    public void TrunkWithoutADomain_IsCalledAtItsServer_ButToHasNoPort()
    {
        var proxy = new ScriptedPhone(_world, "proxy", "10.0.3.4", 5080);
        _world.Await(_server.AddTrunkAsync(new TrunkOptions { Name = "p", Server = "sip:10.0.3.4:5080" }));
        _world.Await(_server.CallTrunkAsync("room1", "p", "123", "456").AsTask());
        var invite = proxy.WaitForRequest("INVITE");
        Assert.That(invite.StartLine, Is.EqualTo("INVITE sip:123@10.0.3.4:5080 SIP/2.0"));
        Assert.That(invite["To"], Is.EqualTo("<sip:123@10.0.3.4>"));
    }

    [TestCase("carrier.test")]
    [TestCase("sip:a b@x")]
    [TestCase("sip:a@x>\r\nX: y")]
    [TestCase("mailto:a@x")]
    [TestCase("sip:")]
    public void AddressThatIsNone_IsRefused(string uri) => Assert.That(() => new SipAddress(uri), Throws.ArgumentException);

    private SipText Call(OutgoingCallOptions options)
    {
        _carrier.Received.Clear();
        _world.Await(_server.CallTrunkAsync("room1", "carrier", "123", "77880099", options).AsTask());
        return _carrier.WaitForRequest("INVITE");
    }
}
