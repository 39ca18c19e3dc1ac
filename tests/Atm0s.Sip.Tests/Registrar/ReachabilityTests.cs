using System.Text.RegularExpressions;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Registrar;

/// <summary>Where a registered phone is rung: NATs, proxies, devices that come back (RFC 3327, 3581, 5626).</summary>
[SingleThreaded]
public sealed class ReachabilityTests
{
    private const string Instance = ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-0011223344aa>\"";

    private VirtualWorld _world = null!;
    private TestHost _host = null!;
    private SipServer _server = null!;
    private ScriptedPhone _alice = null!;

    [SetUp]
    public void SetUp()
    {
        _world = new VirtualWorld();
        _host = new TestHost();
        _server = _world.StartServer(_host.Handlers);
        _alice = new ScriptedPhone(_world, "alice", "10.0.2.1");
    }

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void BehindASymmetricNat_WithStun_IsRungWhereItCameFrom()
    {
        // STUN has told it port 6000, its NAT uses 5060 towards us, and with rport it says so.
        _alice.Register(contact: "Contact: <sip:alice@10.0.2.1:6000>\r\n");
        Assert.That(Ring(_alice).StartLine, Does.Contain("sip:alice@10.0.2.1:6000"));
    }

    [TestCase("10.0.2.1:6000", true)]
    [TestCase("10.0.2.1:6001", false)]
    [TestCase("192.168.0.9:6000", false)]
    public void WithoutRport_IsRungAtItsContact_WhenViaSaysTheSame(string sentBy, bool atContact)
    {
        var listener = new ScriptedPhone(_world, "alice", "10.0.2.1", 6000);
        var answers = sentBy == "10.0.2.1:6001" ? new ScriptedPhone(_world, "alice", "10.0.2.1", 6001) : listener;
        string Text(string more) => _alice.Request("REGISTER", null, "r1", extra: "Contact: <sip:alice@10.0.2.1:6000>\r\n" + more)
            .Replace("UDP 10.0.2.1:5060", $"UDP {sentBy}", StringComparison.Ordinal).Replace(";rport", "", StringComparison.Ordinal);
        _alice.Send(Text(""));
        var challenge = answers.WaitForResponse("REGISTER", 401);
        _alice.Send(Text(_alice.Authorize(challenge, "REGISTER", "sip:test.local")));
        answers.WaitForResponse("REGISTER", 200);
        Ring(atContact ? listener : _alice);
    }

    [Test]
    public void Path_IsKept_AndTakenAsRoute()
    {
        var proxy = new ScriptedPhone(_world, "proxy", "10.0.4.1");
        const string contact = "Contact: <sips:alice@192.168.1.5:5061;transport=tls>\r\n";
        const string path = "Path: <sip:10.0.4.1;lr>, <sip:far@10.0.5.1;lr>\r\nSupported: path\r\n";
        proxy.Send(AsAlice(proxy, contact + path));
        var challenge = proxy.WaitForResponse("REGISTER", 401);
        proxy.Send(AsAlice(proxy, contact + path + _alice.Authorize(challenge, "REGISTER", "sip:test.local")));
        var ok = proxy.WaitForResponse("REGISTER", 200);
        Assert.That(ok.All("Path"), Is.EqualTo(new[] { "<sip:10.0.4.1;lr>", "<sip:far@10.0.5.1;lr>" }));
        Assert.That(_server.FindRegistrations("alice")[0].Path, Is.EqualTo(new[] { "sip:10.0.4.1;lr", "sip:far@10.0.5.1;lr" }));
        var invite = Ring(proxy);
        Assert.That(invite.StartLine, Is.EqualTo("INVITE sips:alice@192.168.1.5:5061;transport=tls SIP/2.0"));
        Assert.That(invite.All("Route"), Is.EqualTo(new[] { "<sip:10.0.4.1;lr>", "<sip:far@10.0.5.1;lr>" }));
        Assert.That(_alice.Received.Any(m => m.Method == "INVITE"), Is.False);
    }

    [TestCase("Contact: <sip:alice@169.254.169.254>\r\n", "")]
    [TestCase("Contact: <sip:alice@224.0.1.75>\r\n", "")]
    [TestCase("Contact: <sip:alice@255.255.255.255>\r\n", "")]
    [TestCase("Contact: <sip:alice@127.0.0.1>\r\n", "")]
    [TestCase("Contact: <sip:alice@10.0.0.1:5060>\r\n", "", Description = "our own listener")]
    [TestCase("Contact: <sip:alice@10.0.2.1>\r\n", "Path: <sip:169.254.169.254;lr>\r\n")]
    [TestCase("Contact: <sip:alice@10.0.2.1>\r\n", "Path: <sip:10.0.0.1;lr>\r\n")]
    public void AddressThatIsNobodysPhone_IsNotRung(string contact, string path)
    {
        Assert.That(_alice.Register(contact: contact + path).Status, Is.EqualTo(200));
        _world.Network.Sent.Clear();
        _ = _world.Await(_server.CallClientAsync("r", _server.FindRegistrations("alice")[0].SessionId, "1").AsTask());
        _alice.WaitForRequest("INVITE");
        _world.Advance(TimeSpan.FromSeconds(40));
        var places = _world.Network.Sent.Where(p => p.Source.Equals(VirtualWorld.ServerEndPoint)).Select(p => p.Destination).Distinct();
        Assert.That(places, Is.EqualTo(new[] { _alice.EndPoint }));
    }

    [Test]
    public void Path_OfAnotherAddressThanItCameFrom_DoesNotTurnCallsThere()
    {
        var victim = new ScriptedPhone(_world, "victim", "10.7.7.7");
        Register(_alice, "r1", _alice.Contact() + "Path: <sip:10.7.7.7;lr>\r\n");
        Ring(_alice);
        Assert.That(victim.Received, Is.Empty);
    }

    [TestCase("Path: <sip:10.0.4.1;transport=tls;lr>\r\n")]
    [TestCase("Path: nonsense\r\n")]
    public void PathThatCanNotBeTaken_Is400(string path) =>
        Assert.That(Register(_alice, "r1", _alice.Contact() + path).Status, Is.EqualTo(400));

    [TestCase(Instance + ";reg-id=3", Instance + ";reg-id=3")]
    [TestCase(Instance, Instance)]
    [TestCase(";reg-id=3", "")]
    [TestCase("", "")]
    [Property("rfc", "5626-4.2")]
    public void Answer_TellsADeviceWhichContactIsItsOwn(string sent, string told)
    {
        var ok = Register(_alice, "r1", _alice.Contact(sent));
        Assert.That(ok["Contact"], Does.Match($"^<sip:alice@10.0.2.1:5060>;expires=[0-9]+{Regex.Escape(told)}$"));
    }

    [TestCase(Instance + ";reg-id=1", Instance + ";reg-id=1", 1)]
    [TestCase(Instance + ";reg-id=1", Instance + ";reg-id=2", 2)]
    [TestCase(Instance, Instance, 1)]
    [TestCase(Instance, "", 2)]
    [TestCase("", "", 2)]
    [TestCase(Instance + ";reg-id=1", ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-0011223344bb>\";reg-id=1", 2)]
    public void DeviceThatComesBackElsewhere_TakesThePlaceOfItself(string before, string after, int bindings)
    {
        Register(_alice, "r1", _alice.Contact(before));
        var session = _server.FindRegistrations("alice")[0].SessionId;
        var moved = new ScriptedPhone(_world, "alice", "10.0.9.1");
        Register(moved, "r2", moved.Contact(after));
        var found = _server.FindRegistrations("alice");
        Assert.That(found, Has.Count.EqualTo(bindings));
        Assert.That(found.Any(r => r.Contact.Contains("10.0.9.1", StringComparison.Ordinal)), Is.True);
        if (bindings > 1)
            return;
        Assert.That(found[0].SessionId, Is.EqualTo(session), "it is the same phone");
        Assert.That(_host.Registrations, Is.EqualTo(new[] { "registered alice", "refreshed alice" }));
        Ring(moved);
    }

    [Test]
    public void ContactsOfOneDevice_InOneRegister_AreAllKept()
    {
        Register(_alice, "r1", _alice.Contact(Instance) + $"Contact: <sip:alice@10.0.2.1:5070>{Instance}\r\n");
        Assert.That(_server.FindRegistrations("alice"), Has.Count.EqualTo(2));
        Register(_alice, "r1", _alice.Contact(Instance) + $"Contact: <sip:alice@10.0.2.1:5070>{Instance}\r\n");
        Assert.That(_server.FindRegistrations("alice"), Has.Count.EqualTo(2));
    }

    [Test]
    public void OldContactOfADevice_CanBeTakenBack_WithoutHarmToTheNewOne()
    {
        Register(_alice, "r1", _alice.Contact(Instance));
        var moved = new ScriptedPhone(_world, "alice", "10.0.9.1");
        Register(moved, "r2", moved.Contact(Instance));
        Register(moved, "r2", _alice.Contact(Instance + ";expires=0"));
        Assert.That(_server.FindRegistrations("alice").Single().Contact, Does.Contain("10.0.9.1"));
    }

    [Test]
    public void ContactWithoutBrackets_HasHeaderParameters()
    {
        var answer = Register(_alice, "r1", $"Contact: sip:alice@10.0.2.1:5060{Instance};expires=300\r\n");
        Assert.That(answer["Contact"], Does.StartWith("<sip:alice@10.0.2.1:5060>;expires="));
        Assert.That(
            _server.FindRegistrations("alice")[0].InstanceId, Is.EqualTo("urn:uuid:00000000-0000-1000-8000-0011223344aa"));
    }

    private static SipText Register(ScriptedPhone phone, string callId, string headers)
    {
        phone.Received.Clear();
        phone.Send(phone.Request("REGISTER", null, callId, extra: headers));
        var challenge = phone.WaitFor(m => m.IsResponse && m["Call-ID"] == callId);
        phone.Received.Clear();
        phone.Send(phone.Request("REGISTER", null, callId, extra: headers + phone.Authorize(challenge, "REGISTER", "sip:test.local")));
        return phone.WaitFor(m => m.IsResponse && m["Call-ID"] == callId);
    }

    private static string AsAlice(ScriptedPhone proxy, string headers) =>
        proxy.Request("REGISTER", null, "r1", extra: headers).Replace("sip:proxy@", "sip:alice@", StringComparison.Ordinal);

    private SipText Ring(ScriptedPhone expected)
    {
        expected.Received.Clear();
        _world.Await(_server.CallClientAsync("room9", _server.FindRegistrations("alice")[0].SessionId, "1").AsTask());
        return expected.WaitForRequest("INVITE", TimeSpan.FromSeconds(1));
    }
}
