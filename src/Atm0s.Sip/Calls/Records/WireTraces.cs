using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Calls.Records;

/// <summary>
/// The calls whose messages are written down, by Call-ID. It listens at the stack only while there are some, so that nobody else pays for
/// it. A message costs its copying. Any thread.
/// </summary>
internal sealed class WireTraces : IWireTap
{
    private const int MaxWantedBytes = 128 * 1024;
    private const int MaxStackId = 256;

    // The ACK of a refusal comes when nothing is owed any more, and so does what is repeated.
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    private readonly SipStack _stack;
    private readonly CallRecordOptions _options;
    private readonly TraceMemory _memory;
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, WireTrace> _traces = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, WireTrace>.AlternateLookup<ReadOnlySpan<char>> _byId;
    private readonly Queue<(string SipCallId, WireTrace Trace, TimeSpan Until)> _ending = new();
    private readonly AgeOrder _byAge = new();
    private readonly CallIdMarks _marks = new();

    public WireTraces(SipStack stack, CallRecordOptions options)
    {
        _stack = stack;
        _options = options;
        _memory = new TraceMemory(options.MaxRecordBytes);
        _byId = _traces.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The memory of all traces.</summary>
    public TraceMemory Memory => _memory;

    /// <summary>Writes down the messages of a call from now on.</summary>
    /// <param name="sipCallId">Its Call-ID.</param>
    /// <param name="isWanted">Whether somebody has asked for it: then there is more room.</param>
    public WireTrace? Begin(string sipCallId, bool isWanted)
    {
        if (!isWanted && _options.MaxMessageBytes == 0)
            return null;
        lock (_lock)
        {
            Forget();
            if (!_traces.TryGetValue(sipCallId, out var trace) || trace.Calls == 0)
                trace = Add(sipCallId, isWanted);
            trace.Calls++;
            trace.Going++;
            trace.Keepers++;
            return trace;
        }
    }

    /// <summary>Gives the messages of a call more room, with those that are there; also for the other calls of its Call-ID.</summary>
    /// <param name="sipCallId">Its Call-ID.</param>
    /// <param name="trace">Its trace; null when it has none yet.</param>
    /// <returns>Its trace from now on.</returns>
    public WireTrace Widen(string sipCallId, WireTrace? trace)
    {
        if (trace is null)
            return Begin(sipCallId, isWanted: true)!;
        lock (_lock)
        {
            _byAge.Remove(trace);
            trace.Widen(MaxWantedBytes);
            return trace;
        }
    }

    /// <summary>A trace of what never became a call.</summary>
    public WireTrace? NewForRefused()
    {
        if (_options.MaxMessageBytes == 0)
            return null;
        var trace = new WireTrace(_memory, _options.MaxMessageBytes, isWanted: false);
        trace.Retire();
        trace.Keepers = 1;
        return trace;
    }

    /// <summary>The call owes nothing any more: soon no message belongs to it.</summary>
    public void End(string sipCallId, WireTrace trace)
    {
        lock (_lock)
        {
            if (--trace.Calls == 0)
                _ending.Enqueue((sipCallId, trace, _stack.Clock.Now + Linger));
            Forget();
        }
    }

    /// <summary>A call is not kept any more.</summary>
    public void Release(WireTrace trace)
    {
        lock (_lock)
            Drop(trace);
    }

    /// <summary>A call has ended: when no other of its Call-ID goes on, what it uses counts no more as that of one that does.</summary>
    public void Retire(WireTrace trace)
    {
        lock (_lock)
        {
            if (--trace.Going > 0)
                return;
            _byAge.Remove(trace);
        }

        trace.Retire();
    }

    /// <summary>Ends what was to linger until now.</summary>
    public void Sweep()
    {
        lock (_lock)
            Forget();
    }

    /// <summary>Writes a message down that came before the trace began.</summary>
    public void Add(WireTrace trace, SipFlow flow, ReadOnlySpan<byte> message, bool isSent)
    {
        var now = _stack.Clock.UtcNow;
        if (trace.TryAdd(now, flow, message, isSent))
            return;
        // What began long ago is known by now: its messages give way to those of a new call.
        DropOldest();
        if (!trace.TryAdd(now, flow, message, isSent))
            trace.LeaveOut();
    }

    void IWireTap.OnReceived(SipFlow flow, SipMessage message)
    {
        if (TryFind(message.CallId, out var trace))
            Add(trace, flow, message.Raw, isSent: false);
    }

    void IWireTap.OnSent(SipFlow flow, ReadOnlySpan<byte> message)
    {
        if (TryFind(CallIdOf(message), out var trace))
            Add(trace, flow, message, isSent: true);
    }

    private bool TryFind(ReadOnlySpan<byte> callId, [NotNullWhen(true)] out WireTrace? trace)
    {
        if (callId.Length <= MaxStackId)
        {
            Span<char> chars = stackalloc char[MaxStackId];
            return TryFind(chars[..Encoding.UTF8.GetChars(callId, chars)], out trace);
        }

        var rented = ArrayPool<char>.Shared.Rent(callId.Length);
        var isFound = TryFind(rented.AsSpan(0, Encoding.UTF8.GetChars(callId, rented)), out trace);
        ArrayPool<char>.Shared.Return(rented);
        return isFound;
    }

    private bool TryFind(ReadOnlySpan<char> callId, [NotNullWhen(true)] out WireTrace? trace)
    {
        trace = null;
        return _marks.MayContain(callId) && _byId.TryGetValue(callId, out trace);
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

    private WireTrace Add(string sipCallId, bool isWanted)
    {
        var trace = new WireTrace(_memory, isWanted ? MaxWantedBytes : _options.MaxMessageBytes, isWanted);
        if (!isWanted)
            _byAge.Add(trace);
        // A trace whose calls are over gives its place to this one.
        if (!_traces.ContainsKey(sipCallId))
            _marks.Add(sipCallId);
        _traces[sipCallId] = trace;
        _stack.Tap = this;
        return trace;
    }

    private void Forget()
    {
        var now = _stack.Clock.Now;
        while (_ending.TryPeek(out var ending) && ending.Until <= now)
        {
            _ending.Dequeue();
            // Another call may have come under the same Call-ID.
            if (ending.Trace.Calls == 0 && _traces.TryRemove(KeyValuePair.Create(ending.SipCallId, ending.Trace)))
                _marks.Remove(ending.SipCallId);
        }

        if (_traces.IsEmpty && ReferenceEquals(_stack.Tap, this))
            _stack.Tap = null;
    }

    private void Drop(WireTrace trace)
    {
        if (--trace.Keepers > 0)
            return;
        _byAge.Remove(trace);
        trace.Release();
    }

    private void DropOldest()
    {
        WireTrace oldest;
        lock (_lock)
        {
            if (_byAge.Oldest is not { } first)
                return;
            oldest = first;
            _byAge.Remove(oldest);
        }

        oldest.GiveWay();
    }
}
