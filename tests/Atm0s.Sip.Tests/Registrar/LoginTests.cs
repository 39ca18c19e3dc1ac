using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Registrar;

/// <summary>Logins whose numbers are not their names: the host says which they own.</summary>
[SingleThreaded]
public sealed class LoginTests
{
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

    [TestCase("1001", 200)]
    [TestCase("1002", 200)]
    [TestCase("1003", 403)]
    [TestCase("alice", 403)]
    public void Register_ForANumberOfTheLogin(string number, int status)
    {
        Own("1001", "sip:1002@test.local");
        Assert.That(Register(number).Status, Is.EqualTo(status));
        Assert.That(_server.FindRegistrations(number), Has.Count.EqualTo(status == 200 ? 1 : 0));
        if (status != 200)
            return;
        var info = _server.FindRegistrations(number)[0];
        Assert.That((info.Username, info.Login, info.AddressOfRecord), Is.EqualTo((number, "alice", $"sip:{number}@test.local")));
    }

    [TestCase("alice", 200)]
    [TestCase("1001", 403)]
    public void Register_WithoutNumbers_IsForTheLoginAlone(string number, int status) =>
        Assert.That(Register(number).Status, Is.EqualTo(status));

    [Test]
    public void Host_IsAskedWithTheAddress()
    {
        Register("1001");
        Assert.That(_host.Asked.Single(), Has.Property("AddressOfRecord").EqualTo("sip:1001@test.local").And.Property("Username")
            .EqualTo("alice"));
    }

    [Test]
    public void CallToTheNumber_RingsThePhone()
    {
        Own("1001");
        Register("1001");
        _alice.Received.Clear();
        _world.Await(_server.CallClientAsync("room9", _server.FindRegistrations("1001")[0].SessionId, "2000").AsTask());
        Assert.That(_alice.WaitForRequest("INVITE")["To"], Does.Contain("sip:1001@test.local"));
    }

    [TestCase("1001", 200)]
    [TestCase("1002", 200)]
    [TestCase("1009", 403)]
    [TestCase("alice", 403)]
    public void Call_AsANumberOfTheLogin(string number, int status)
    {
        Own("1001", "1002");
        Assert.That(Call($"<sip:{number}@test.local>").Status, Is.EqualTo(status));
        Assert.That(_host.Invited, Has.Count.EqualTo(status == 200 ? 1 : 0));
        if (status == 200)
            Assert.That(_host.Invited[0].Identity?.Number, Is.EqualTo(number));
    }

    [TestCase("<sip:+1001;npdi;rn=+1555@test.local;user=phone>", "+1001")]
    [TestCase("<tel:+1-0-01>", "+1001")]
    [TestCase("<sip:+1(0)01@test.local;user=phone>", "+1001")]
    public void Call_AsANumberInAnyForm(string from, string number)
    {
        Own("+1001");
        Assert.That(Call(from).Status, Is.EqualTo(200));
        Assert.That(_host.Invited.Single().From, Is.EqualTo(number));
    }

    [Test]
    public void FromOfAForeignDomain_Is403() => Assert.That(Call("<sip:alice@other.example>").Status, Is.EqualTo(403));

    private void Own(params string[] numbers) => _host.Authorize = (request, _) => ValueTask.FromResult(
        AuthDecision.WithHa1(Ha1.Compute(request.Algorithm, request.Username, request.Realm, "pw-" + request.Username), numbers));

    private SipText Register(string number)
    {
        string Text(string authorization) => _alice.Request("REGISTER", number, "r1", extra: _alice.Contact() + authorization)
            .Replace($"REGISTER sip:{number}@test.local", "REGISTER sip:test.local", StringComparison.Ordinal);
        _alice.Send(Text(""));
        var challenge = _alice.WaitForResponse("REGISTER", 401);
        _alice.Send(Text(_alice.Authorize(challenge, "REGISTER", "sip:test.local")));
        return _alice.WaitFor(m => m.IsResponse && m.Status != 401);
    }

    private SipText Call(string from)
    {
        string Text(string authorization) => _alice.Request("INVITE", "room1", "c1", _alice.Sdp, _alice.Contact() + authorization)
            .Replace("<sip:alice@test.local>;tag", from + ";tag", StringComparison.Ordinal);
        _alice.Send(Text(""));
        var challenge = _alice.WaitForResponse("INVITE", 401);
        _alice.Send(Text(_alice.Authorize(challenge, "INVITE", "sip:room1@test.local")));
        return _alice.WaitFor(m => m.IsResponse && m.Status is >= 200 and not 401);
    }
}
