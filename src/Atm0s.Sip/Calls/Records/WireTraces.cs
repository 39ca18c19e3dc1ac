using System.Collections.Concurrent;
using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Calls.Records;

/// <summary>
/// The calls whose messages are written down, by Call-ID. It listens at the stack only while there are some, so that nobody else pays for
/// it. Any thread.
/// </summary>
internal sealed class WireTraces(SipStack stack) : IWireTap
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, WireTrace> _traces = new(StringComparer.Ordinal);

    /// <summary>Writes down the messages of a call from now on.</summary>
    public WireTrace Begin(string sipCallId)
    {
        lock (_lock)
        {
            var trace = _traces.GetOrAdd(sipCallId, static _ => new WireTrace());
            trace.Calls++;
            stack.Tap = this;
            return trace;
        }
    }

    /// <summary>The call owes nothing any more: no message belongs to it.</summary>
    public void End(string sipCallId)
    {
        lock (_lock)
        {
            if (!_traces.TryGetValue(sipCallId, out var trace) || --trace.Calls > 0)
                return;
            _traces.TryRemove(sipCallId, out _);
            if (_traces.IsEmpty)
                stack.Tap = null;
        }
    }

    /// <summary>Writes a message down that came before the trace began.</summary>
    public void Add(WireTrace trace, SipFlow flow, SipMessage received) => trace.Add(NewEntry(flow, received.Raw, isSent: false));

    void IWireTap.OnReceived(SipFlow flow, SipMessage message)
    {
        if (_traces.TryGetValue(Encoding.UTF8.GetString(message.CallId), out var trace))
            trace.Add(NewEntry(flow, message.Raw, isSent: false));
    }

    void IWireTap.OnSent(SipFlow flow, ReadOnlySpan<byte> message)
    {
        if (_traces.TryGetValue(Encoding.UTF8.GetString(CallIdOf(message)), out var trace))
            trace.Add(NewEntry(flow, message, isSent: true));
    }

    // What we send has the long name, in this form.
    private static ReadOnlySpan<byte> CallIdOf(ReadOnlySpan<byte> message)
    {
        var start = message.IndexOf("\r\nCall-ID: "u8);
        if (start < 0)
            return default;
        var value = message[(start + 11)..];
        var end = value.IndexOf((byte)'\r');
        return end < 0 ? value : value[..end];
    }

    private WireTraceEntry NewEntry(SipFlow flow, ReadOnlySpan<byte> message, bool isSent) =>
        new(stack.Clock.UtcNow, isSent, flow.ToString(), WireMask.Apply(Encoding.UTF8.GetString(message)));
}
