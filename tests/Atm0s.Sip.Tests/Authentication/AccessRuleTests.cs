using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Authentication;

/// <summary>IP rules for phones that register and call.</summary>
[SingleThreaded]
public sealed class AccessRuleTests
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

    [Test]
    public void Trusted_RegistersWithoutAPassword()
    {
        var server = _world.StartServer(_host.Handlers, o => o.Access.Trust("10.0.2.0/24"));
        var alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
        alice.Send(alice.Request("REGISTER", null, "r1", extra: alice.Contact() + "Expires: 600\r\n"));
        alice.WaitForResponse("REGISTER", 200);

        Assert.That(server.FindRegistrations("alice").Single().Contact, Does.Contain("10.0.2.1"));
        Assert.That(_host.Asked, Is.Empty, "no password was asked for");
    }

    [Test]
    public void Trusted_CallsWithoutAPassword()
    {
        _world.StartServer(_host.Handlers, o => o.Access.Trust("10.0.2.1"));
        var alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
        alice.Send(alice.Request("INVITE", "room1", "c1", alice.Sdp, alice.Contact()));
        alice.WaitForResponse("INVITE", 200);
        Assert.That(
            _host.Invited.Single(), Has.Property("Username").Null.And.Property("Authentication").EqualTo(CallerAuthentication.Address));
    }

    [Test]
    public void Refused_Is403_EvenWithTheRightPassword()
    {
        _world.StartServer(_host.Handlers, o => o.Access.Refuse("10.0.2.0/24"));
        var alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
        alice.Send(alice.Request("REGISTER", null, "r1", extra: alice.Contact()));
        alice.WaitForResponse("REGISTER", 403);
        alice.Send(alice.Request("INVITE", "room1", "c1", alice.Sdp, alice.Contact()));
        alice.WaitForResponse("INVITE", 403);
        Assert.That(_host.Invited, Is.Empty);
    }

    [Test]
    public void FirstRuleThatFits_Counts()
    {
        _world.StartServer(_host.Handlers, o => o.Access.Challenge("10.0.2.9").Trust("10.0.2.0/24").Refuse("0.0.0.0/0"));
        Assert.That(Ask("10.0.2.9"), Is.EqualTo(401), "the narrow rule stands first");
        Assert.That(Ask("10.0.2.8"), Is.EqualTo(200));
        Assert.That(Ask("10.0.9.1"), Is.EqualTo(403), "nobody else");
    }

    [TestCase("10.0.0.0/33")]
    [TestCase("office")]
    [TestCase("")]
    public void RuleThatCantBeRead_StopsTheStart(string network)
    {
        Assert.That(
            () => _world.StartServer(_host.Handlers, o => o.Access.Trust(network)),
            Throws.InstanceOf<SipStartException>().With.Message.Contains("Access.Rules").And.Message.Contains("192.0.2.0/24"));
    }

    private int Ask(string address)
    {
        var phone = new ScriptedPhone(_world, "alice", address);
        phone.Send(phone.Request("INVITE", "room1", $"c-{address}", phone.Sdp, phone.Contact()));
        return phone.WaitFor(m => m.IsResponse && m.Status >= 200).Status;
    }
}
