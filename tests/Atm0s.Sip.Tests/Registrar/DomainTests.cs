using System.Net;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Registrar;

/// <summary>Which domains are ours (RFC 3261 §10.3 step 5), and which one our requests name.</summary>
[SingleThreaded]
public sealed class DomainTests
{
    private VirtualWorld _world = null!;
    private TestHost _host = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _host = new TestHost();
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [TestCase("sip.example.com", 200)]
    [TestCase("SIP.Example.com", 200)]
    [TestCase("pbx.example.com", 200)]
    [TestCase("edge.example.net", 200)]
    [TestCase("10.0.0.1", 200)]
    [TestCase("127.0.0.1", 200)]
    [TestCase("other.example", 404)]
    [TestCase("example.com", 404)]
    [TestCase("203.0.113.9", 404)]
    [TestCase("acme", 404)]
    public void Register_OfADomainThatIsOursOrNot(string domain, int status)
    {
        var server = Start(o =>
        {
            o.Realm = "Acme Phones";
            o.Domain = "sip.example.com";
            o.Domains.Add("pbx.example.com");
            o.Listeners[0].AdvertisedHost = "edge.example.net";
        });
        Assert.That(Register(domain).Status, Is.EqualTo(status));
        Assert.That(server.FindRegistrations("alice"), Has.Count.EqualTo(status == 200 ? 1 : 0));
    }

    [TestCase("Acme Phones", "other.example", 200)]
    [TestCase("quickstart", "other.example", 200)]
    [TestCase("sip.media-server.8xff.io", "other.example", 200)]
    [TestCase("test.local", "test.local", 200)]
    [TestCase("test.local", "other.example", 404)]
    public void WhereNoDomainIsNamed_ARealmThatReadsLikeOneCounts(string realm, string domain, int status)
    {
        Start(o => o.Realm = realm);
        Assert.That(Register(domain).Status, Is.EqualTo(status));
    }

    [Test]
    public void DomainsThatAreOne_HaveOneUser()
    {
        var server = Start(o =>
        {
            o.Domain = "sip.example.com";
            o.Domains.Add("pbx.example.com");
        });
        Register("sip.example.com");
        Register("pbx.example.com");
        Assert.That(server.FindRegistrations("alice"), Has.Count.EqualTo(1));
    }

    [TestCase(null, "Acme Phones", null, "10.0.0.1")]
    [TestCase(null, "sip.media-server.8xff.io", null, "10.0.0.1")]
    [TestCase(null, "localhost", "edge.example.net", "edge.example.net")]
    [TestCase("sip.example.com", "Acme Phones", "edge.example.net", "sip.example.com")]
    public void CallToAServer_NamesOurDomain_OrTheHostOfTheListener(string? domain, string realm, string? advertised, string expected)
    {
        var server = Start(o =>
        {
            o.Realm = realm;
            o.Domain = domain;
            o.Listeners[0].AdvertisedHost = advertised;
        });
        var peer = new ScriptedPhone(_world, "peer", "10.0.3.1");
        _world.Await(server.CallServerAsync("room1", "sip:123@10.0.3.1:5060;transport=udp", "456").AsTask());
        var invite = peer.WaitForRequest("INVITE");
        Assert.That(invite["From"], Does.Contain($"<sip:456@{expected}>"));
        Assert.That(invite["To"], Is.EqualTo("<sip:123@10.0.3.1>"), "RFC 3261 table 1: neither port nor transport in To");
        Assert.That(invite.StartLine, Does.Contain("sip:123@10.0.3.1:5060;transport=udp"));
    }

    [TestCase(null, "10.0.0.1", "10.0.0.1")]
    [TestCase(null, "home.example", "home.example")]
    [TestCase("sip.example.com", "10.0.0.1", "sip.example.com")]
    public void CallToAPhone_NamesOurDomain_OrTheHostItRegisteredWith(string? domain, string registeredWith, string expected)
    {
        var server = Start(o =>
        {
            o.Realm = "Acme Phones";
            o.Domain = domain;
        });
        var alice = Register(registeredWith, out var phone);
        Assert.That(alice.Status, Is.EqualTo(200));
        phone.Received.Clear();
        _world.Await(server.CallClientAsync("room1", server.FindRegistrations("alice")[0].SessionId, "1000").AsTask());
        var invite = phone.WaitForRequest("INVITE");
        Assert.That(invite["From"], Does.Contain($"<sip:1000@{expected}>"));
        Assert.That(invite["To"], Is.EqualTo($"<sip:alice@{expected}>"));
    }

    [TestCase("sip:example.com")]
    [TestCase("example.com:5060")]
    [TestCase("Acme Phones")]
    [TestCase("")]
    public void DomainThatIsNone_StopsTheStart(string domain) =>
        Assert.That(
            () => _world.StartServer(_host.Handlers, o => o.Domain = domain),
            Throws.InstanceOf<SipStartException>().With.Message.Contains("Domain").And.Message.Contains("sip.example.com"));

    [Test]
    public void LimitsAndTimersThatCanNotWork_StopTheStart()
    {
        Assert.That(
            () => _world.StartServer(_host.Handlers, o => o.Limits = new Core.Parsing.SipLimits { MaxMessageSize = 10 }),
            Throws.InstanceOf<SipStartException>().With.Message.Contains("MaxMessageSize"));
        Assert.That(
            () => _world.StartServer(_host.Handlers, o => o.Timers = new Core.Transactions.SipTimers { T1 = TimeSpan.Zero }),
            Throws.InstanceOf<SipStartException>());
        Assert.That(
            () => _world.StartServer(_host.Handlers, o => o.Authentication.MaxWrongPasswordsPerSource = -1),
            Throws.InstanceOf<SipStartException>().With.Message.Contains("MaxWrongPasswordsPerSource"));
    }

    private SipServer Start(Action<SipServerOptions> configure) => _world.StartServer(_host.Handlers, o =>
    {
        o.Access.Trust("10.0.3.0/24");
        configure(o);
    });

    private SipText Register(string domain) => Register(domain, out _);

    private SipText Register(string domain, out ScriptedPhone phone)
    {
        var alice = phone = new ScriptedPhone(_world, "alice", "10.0.2.1", 5060 + domain.Length);
        string Text(string authorization) => alice.Request("REGISTER", null, "r1", extra: Contact + authorization)
            .Replace("test.local", domain, StringComparison.Ordinal);
        alice.Send(Text(""));
        var challenge = alice.WaitForResponse("REGISTER", 401);
        alice.Send(Text("").Replace("Content-Length", alice.Authorize(challenge, "REGISTER", $"sip:{domain}") + "Content-Length",
            StringComparison.Ordinal));
        return alice.WaitFor(m => m.IsResponse && m.Status != 401);
    }

    private const string Contact = "Contact: <sip:alice@10.0.2.1>\r\n";
}
