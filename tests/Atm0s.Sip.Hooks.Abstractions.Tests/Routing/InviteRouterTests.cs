using Atm0s.Sip.Hooks.Routing;

namespace Atm0s.Sip.Hooks.Tests.Routing;

public sealed class InviteRouterTests
{
    private readonly InviteRouter _router = new InviteRouter()
        .FromNetworks(new NetworkSet("203.0.113.0/24"), Room("blocked"))
        .FromTrunk("carrier", Room("carrier"))
        .WithHeader("X-Room", "vip-*", InviteHandlers.From(invite => InviteDecision.JoinRoom(invite.GetHeader("x-room")!)))
        .WithHeader("X-Any", Room("any"))
        .ToNumber("9*", Room("nine"))
        .FromNumber("boss", Room("boss"))
        .When(invite => invite.Username is not null, Room("known"));

    [Test]
    public void FirstRouteThatFits_Decides()
    {
        Assert.That(_router.Decide(Invites.Call("9001", source: "203.0.113.5")), Is.EqualTo("blocked"));
        Assert.That(_router.Decide(Invites.Call("9001", trunk: "carrier")), Is.EqualTo("carrier"));
        Assert.That(
            _router.Decide(Invites.Call("9001", headers: new KeyValuePair<string, string>("x-room", "vip-7"))), Is.EqualTo("vip-7"));
        Assert.That(_router.Decide(Invites.Call("9001", headers: new KeyValuePair<string, string>("X-Room", "other"))), Is.EqualTo("nine"));
        Assert.That(_router.Decide(Invites.Call("1", headers: new KeyValuePair<string, string>("X-ANY", ""))), Is.EqualTo("any"));
        Assert.That(_router.Decide(Invites.Call("1", from: "boss")), Is.EqualTo("boss"));
        Assert.That(_router.Decide(Invites.Call("1", username: "alice")), Is.EqualTo("known"));
        Assert.That(_router.Decide(Invites.Call("1")), Is.EqualTo("404"), "no route");
    }

    [Test]
    public void Otherwise_TakesTheRest() =>
        Assert.That(new InviteRouter().Otherwise(Room("lobby")).Decide(Invites.Call("1")), Is.EqualTo("lobby"));

    private static IInviteHandler Room(string room) => InviteHandlers.Always(InviteDecision.JoinRoom(room));
}
