using System.Net;
using Atm0s.Sip.Media.Mixing;
using Atm0s.Sip.Media.Tests.Mixing;

namespace Atm0s.Sip.Media.Tests.Engine;

/// <summary>A room that has ended by a fault inside: no call stays in it without knowing.</summary>
public sealed class DeadRoomTests
{
    [Test]
    public void Calls_AreTold_AndTheirPortsAreFree()
    {
        using var world = new MediaWorld();
        var phones = Enumerable.Range(0, 3).Select(_ => world.AddPhone()).ToArray();
        world.Room.Abandon();
        Assert.That(phones.Select(p => p.Told.Single()), Is.All.EqualTo("failed"));
        Assert.That(world.Engine.Metrics.Legs, Is.Zero);
        Assert.That(world.Engine.Metrics.Rooms, Is.Zero);
        foreach (var phone in phones)
            phone.Leg.Close();
        world.Run(0.1);
    }

    [Test]
    public void CallThatComes_IsTold()
    {
        using var world = new MediaWorld();
        world.Room.Abandon();
        using var phone = new TestPhone(world, IPAddress.Parse("10.0.0.9"));
        Assert.That(phone.Leg.Start(phone.Parameters, world.Room), Is.False);
        Assert.That(phone.Told, Is.EqualTo(new[] { "failed" }));
        Assert.That(world.Engine.Metrics.Legs, Is.Zero);
    }

    [Test]
    public void CallThatMovesThere_IsTold()
    {
        using var world = new MediaWorld();
        var phone = world.AddPhone();
        var dead = world.Engine.CreateRoom("dead");
        dead.Abandon();
        phone.Leg.MoveTo(dead);
        world.Run(0.1);
        Assert.That(phone.Told, Is.EqualTo(new[] { "failed" }));
        Assert.That(world.Engine.Metrics.Legs, Is.Zero);
    }
}
