using Atm0s.Sip.Calls.Records;

namespace Atm0s.Sip.Tests.Calls.Records;

/// <summary>Which calls are written down, and until when.</summary>
public sealed class WireTracesTests
{
    // The server calls itself, or a caller has chosen the Call-ID of another call.
    [Test]
    public async Task CallsOfOneCallId_AreWrittenDownUntilTheLastIsOver()
    {
        await using var all = new DialogWorld();
        var stack = all.Server.Parts.Stack;
        var traces = new WireTraces(stack, new CallRecordOptions());
        var first = traces.Begin("c1", isWanted: false)!;
        var second = traces.Begin("c1", isWanted: false)!;
        traces.End("c1", first);
        all.World.Advance(TimeSpan.FromSeconds(6));
        traces.Sweep();
        all.Phone.Send(all.Phone.Request("OPTIONS", "room1", "c1"));
        all.Phone.WaitFor(m => m.IsResponse && m.Method == "OPTIONS");

        Assert.That(second.All.Select(m => m.Message), Has.Some.StartsWith("OPTIONS "));
        traces.End("c1", second);
        all.World.Advance(TimeSpan.FromSeconds(6));
        traces.Sweep();
        Assert.That(stack.Tap, Is.Null, "nobody pays for it any more");
    }
}
