using Atm0s.Sip.TestKit;
using Atm0s.Sip.TestKit.Phones;
using Atm0s.Sip.Tests.Defence;

namespace Atm0s.Sip.Tests.Trunks;

/// <summary>What the log says of a trunk to somebody who waits for its calls.</summary>
[SingleThreaded]
public sealed class TrunkLogTests
{
    private static readonly TrunkOptions Trunk = new() { Name = "carrier", Server = "sip:10.0.3.1", Register = true, User = "4711" };

    private readonly LogLines _log = new();
    private VirtualWorld _world = null!;

    [TearDown]
    public async Task TearDown() => await _world.DisposeAsync();

    [Test]
    public void ServerThatDoesNotAnswer_IsNamedWithinSeconds_AndAgain()
    {
        var server = Start();
        server.AddTrunkAsync(Trunk);
        _world.Advance(TimeSpan.FromSeconds(3));
        Assert.That(
            _log.Of(2043), Is.EqualTo(new[] { "Warning Trunk carrier: sip:10.0.3.1 has not answered our REGISTER for 00:00:02" }));
        _world.Advance(TimeSpan.FromSeconds(30));
        Assert.That(_log.Of(2043).Count(), Is.EqualTo(4), "after 2, 4, 8 and 16 s");
        Assert.That(_log.Of(2041).Count(), Is.EqualTo(1));
    }

    [Test]
    public void ServerThatAnswers_IsNotCalledSilent_AndOnlyARegistrationHasATime()
    {
        var server = Start();
        var carrier = new ScriptedPhone(_world, "carrier", "10.0.3.1");
        var added = server.AddTrunkAsync(Trunk);
        var register = carrier.WaitForRequest("REGISTER");
        carrier.Received.Clear();
        carrier.Respond(register, 200, "OK", extra: "Expires: 600\r\n");
        _world.Await(added);
        _world.Advance(TimeSpan.FromSeconds(60));
        var removed = server.RemoveTrunkAsync("carrier");
        carrier.Respond(carrier.WaitForRequest("REGISTER"), 200, "OK");
        _world.Await(removed);

        Assert.That(_log.Of(2043), Is.Empty);
        Assert.That(_log.Of(2040), Is.EqualTo(new[] { "Information Trunk carrier: Registered, status 200, for 00:10:00" }));
        Assert.That(_log.Of(2042), Is.EqualTo(new[] { "Information Trunk carrier: Removed, status 200" }));
    }

    private SipServer Start()
    {
        _world = new VirtualWorld { LoggerFactory = _log };
        return _world.StartServer(new TestHost().Handlers);
    }
}
