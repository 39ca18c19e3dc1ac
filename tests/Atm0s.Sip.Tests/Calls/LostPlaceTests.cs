using System.Diagnostics;
using Atm0s.Sip.Tests.Signalling;

namespace Atm0s.Sip.Tests.Calls;

/// <summary>What throws after a place was taken, and before there is a call that has it, gives it back.</summary>
[SingleThreaded]
public sealed class LostPlaceTests
{
    private int _left;
    private SignallingWorld _all = null!;

    [TearDown]
    public async Task TearDown() => await _all.DisposeAsync();

    [Test]
    public void ListenerOfTracesThatThrows_CostsWhatTheHostCalls_AndNoPlace()
    {
        _all = new SignallingWorld(static options => options.Calls.MaxCalls = 2);
        _all.Alice.Register();
        using (new FaultyTraces("sip.call"))
        {
            for (var i = 0; i < 10; i++)
                Assert.That(() => _all.World.Await(_all.Server.CallUserAsync("room1", "alice", "1").AsTask()), Throws.Exception);
        }

        Assert.That(_all.Server.Parts.Calls.Count, Is.Zero);
        Assert.That(_all.Server.Calls, Is.Empty);
        _ = _all.World.Await(_all.Server.CallUserAsync("room1", "alice", "1").AsTask());
        _all.Alice.Respond(_all.Alice.WaitForRequest("INVITE"), 486, "Busy Here");
        _all.World.RunUntil(() => _all.Server.Calls.Count == 0);
        Assert.That(_all.World.Await(_all.Server.DrainAsync(TimeSpan.Zero)), Is.Zero);
    }

    // More than one address may have under way at once.
    [Test]
    public void ListenerOfTracesThatThrows_CostsItsPasswords_AndNoPlaceOfTheirAddress()
    {
        _all = new SignallingWorld();
        using (new FaultyTraces("sip.hook.auth"))
        {
            for (var i = 0; i < 70; i++)
            {
                _all.Alice.Received.Clear();
                _all.Alice.Invite("room1", "c" + i);
                _all.World.Advance(TimeSpan.FromMilliseconds(100));
            }
        }

        _all.Alice.Received.Clear();
        _all.Answered();
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public void ListenerOfTracesThatThrows_CostsItsCalls_AndNoPlace()
    {
        _all = new SignallingWorld(static options =>
        {
            options.Calls.MaxCalls = 2;
            options.Calls.MaxUnconfirmed = 2;
            options.Calls.MaxUnverifiedPerSource = 1;
        });
        var thread = Environment.CurrentManagedThreadId;
        // Other tests run beside this one, on threads of their own.
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == SipTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
                Environment.CurrentManagedThreadId == thread && Interlocked.Decrement(ref _left) >= 0
                    ? throw new InvalidOperationException("the listener") : ActivitySamplingResult.None,
        };
        ActivitySource.AddActivityListener(listener);

        _left = 20;
        for (var i = 0; i < 10; i++)
            SignallingWorld.CallOpen(_all.Stranger, "open-1", "o" + i);
        _all.World.RunUntil(() => SignallingWorld.Finals(_all.Stranger).Length == 10);
        Assert.That(SignallingWorld.Finals(_all.Stranger), Has.All.EqualTo(500));
        Assert.That(_all.Server.Calls, Is.Empty);

        Volatile.Write(ref _left, 0);
        SignallingWorld.CallOpen(_all.Stranger, "open-1", "again");
        _all.World.RunUntil(() => _all.Server.Calls.Count == 1);
        _all.Answered();
        Assert.That(_all.Server.Calls, Has.Count.EqualTo(2));
    }
}
