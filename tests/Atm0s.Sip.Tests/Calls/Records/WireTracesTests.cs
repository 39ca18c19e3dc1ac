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

    [Test]
    public async Task OneOfTwoCallsOfACallId_IsAskedFor_TheOtherIsWrittenDownToItsEnd()
    {
        await using var all = new DialogWorld();
        var stack = all.Server.Parts.Stack;
        var traces = new WireTraces(stack, new CallRecordOptions());
        var (first, second) = (traces.Begin("c1", isWanted: false)!, traces.Begin("c1", isWanted: false)!);
        Say("before");

        first = traces.Widen("c1", first);
        Say("between");
        traces.Retire(first);
        traces.End("c1", first);
        all.World.Advance(TimeSpan.FromSeconds(6));
        traces.Sweep();
        Say("after");
        second = traces.Widen("c1", second);
        Say("last");

        Assert.That(Heard(second), Is.EqualTo(new[] { "before", "between", "after", "last" }));
        Assert.That(Heard(first), Is.EqualTo(Heard(second)));
        Assert.That(traces.Memory.Live, Is.GreaterThan(0), "one goes on");
        traces.Retire(second);
        traces.End("c1", second);
        all.World.Advance(TimeSpan.FromSeconds(6));
        traces.Sweep();
        Assert.That((stack.Tap, traces.Memory.Live), Is.EqualTo(((object?)null, 0L)));
        traces.Release(first);
        traces.Release(second);
        Assert.That(traces.Memory.Taken, Is.Zero);

        void Say(string subject)
        {
            all.Phone.Received.Clear();
            all.Phone.Send(all.Phone.Request("OPTIONS", "room1", "c1", extra: $"Subject: {subject}\r\n"));
            all.Phone.WaitFor(m => m.IsResponse && m.Method == "OPTIONS");
        }

        static string[] Heard(WireTrace trace) =>
        [
            .. trace.All.Where(m => m.Message.StartsWith("OPTIONS ", StringComparison.Ordinal))
                .Select(m => m.Message.Split("Subject: ")[1].Split('\r')[0]),
        ];
    }

    [Test]
    public async Task TraceThatGivesWay_WhenItIsWanted_Stays()
    {
        await using var all = new DialogWorld();
        var traces = new WireTraces(all.Server.Parts.Stack, new CallRecordOptions());
        var trace = traces.Widen("c1", traces.Begin("c1", isWanted: false));
        trace.GiveWay();
        all.Phone.Send(all.Phone.Request("OPTIONS", "room1", "c1"));
        all.Phone.WaitFor(m => m.IsResponse && m.Method == "OPTIONS");

        Assert.That(trace.All, Is.Not.Empty);
    }
}
