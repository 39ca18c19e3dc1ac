using System.Collections.Concurrent;
using System.Diagnostics;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Diagnostics.Tracing;

/// <summary>Begins the traces of calls, and knows those that go on: a server that stops ends them. Any thread.</summary>
/// <param name="clock">The clock.</param>
internal sealed class CallTracer(SipClock clock)
{
    private readonly ConcurrentDictionary<CallTrace, bool> _open = new();

    /// <summary>Begins the trace of an INVITE that we have received; null when nobody wants it.</summary>
    /// <param name="flow">Where it came from.</param>
    /// <param name="parent">Where it belongs when its sender may say so; else the default.</param>
    public CallTrace? BeginIncoming(SipFlow flow, ActivityContext parent)
    {
        if (Begin(ActivityKind.Server, parent) is not { } root)
            return null;
        CallTrace.Describe(root, flow);
        return Open(root);
    }

    /// <summary>Begins the trace of a call that the host makes; null when nobody wants it.</summary>
    /// <param name="parent">What the host does just now; else the default.</param>
    public CallTrace? BeginOutgoing(ActivityContext parent) => Begin(ActivityKind.Client, parent) is { } root ? Open(root) : null;

    /// <summary>Nothing goes on any more: what is still owed on the wire will not be paid.</summary>
    public void EndAll()
    {
        foreach (var (trace, _) in _open)
            trace.OnSettled();
    }

    private Activity? Begin(ActivityKind kind, ActivityContext parent) =>
        Spans.AreWanted ? Spans.Begin("sip.call", kind, parent, clock.UtcNow) : null;

    private CallTrace Open(Activity root)
    {
        root.SetTag(SpanTags.Method, "INVITE");
        var trace = new CallTrace(clock, root, ended => _open.TryRemove(ended, out _));
        _open[trace] = true;
        return trace;
    }
}
