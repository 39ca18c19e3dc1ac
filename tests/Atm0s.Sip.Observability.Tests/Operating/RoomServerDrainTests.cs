using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Observability.Tests.Operating;

/// <summary>A RoomServer that is stopped while it is called: what a load balancer and the phones see of it.</summary>
public sealed class RoomServerDrainTests
{
    [Test]
    [CancelAfter(90_000)]
    public async Task Stop_WaitsForTheCall_RefusesNewOnes_AndIsNotReady()
    {
        await using var run = await RoomServerRun.StartAsync("--drain", "60");
        Assert.That(await run.StatusOfAsync("/health/ready"), Is.EqualTo(200));
        var (alice, bob) = (await run.PhoneAsync("alice"), await run.PhoneAsync("bob"));
        var call = await alice.CallAsync("open-1");
        Assert.That((await call.Answered).IsAnswered, Is.True);

        var stopping = run.App.StopAsync();
        await RoomServerRun.UntilAsync(() => run.Server.IsDraining);
        Assert.That(await run.StatusOfAsync("/health/ready"), Is.EqualTo(503));
        Assert.That(await run.StatusOfAsync("/health/live"), Is.EqualTo(200));
        Assert.That(await run.StatusOfAsync("/health"), Is.EqualTo(200), "the control API is up until the calls have ended");
        var refused = await bob.CallAsync("open-1");
        Assert.That((await refused.Answered).StatusCode, Is.EqualTo(503));
        Assert.That(stopping.IsCompleted, Is.False);
        Assert.That(call.State, Is.EqualTo(CallState.Answered));

        await call.HangUpAsync();
        await stopping;
    }

    [Test]
    [CancelAfter(90_000)]
    public async Task SecondStop_EndsTheCallsAtOnce()
    {
        await using var run = await RoomServerRun.StartAsync("--drain", "60");
        var alice = await run.PhoneAsync("alice");
        var call = await alice.CallAsync("open-1");
        Assert.That((await call.Answered).IsAnswered, Is.True);
        var stopping = run.App.StopAsync();
        await RoomServerRun.UntilAsync(() => run.Server.IsDraining);

        await run.Server.StopAsync();
        await stopping;
        Assert.That((await call.Ended).Cause, Is.EqualTo(CallEndCause.RemoteHangup));
    }

    [Test]
    [CancelAfter(90_000)]
    public async Task WithoutDrain_StopSaysByeAtOnce()
    {
        await using var run = await RoomServerRun.StartAsync();
        var alice = await run.PhoneAsync("alice");
        var call = await alice.CallAsync("open-1");
        Assert.That((await call.Answered).IsAnswered, Is.True);
        await run.App.StopAsync();
        Assert.That((await call.Ended).Cause, Is.EqualTo(CallEndCause.RemoteHangup));
    }
}
