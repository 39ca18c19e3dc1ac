using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Calls.Records;

/// <summary>What is written down of one call: why things were decided, and its messages where they are wanted. Any thread.</summary>
internal sealed class CallRecord
{
    private readonly CallServices _services;
    private readonly string _sipCallId;
    private readonly CallNotes _notes;
    private volatile WireTrace? _trace;

    public CallRecord(CallServices services, string sipCallId)
    {
        _services = services;
        _sipCallId = sipCallId;
        _notes = new CallNotes(services.Stack.Clock);
        if (services.Options.Calls.WireTrace)
            TryTrace();
    }

    public IReadOnlyList<CallNote> Notes => _notes.All;

    public IReadOnlyList<WireTraceEntry> Messages => _trace?.All ?? [];

    /// <summary>Writes down what was decided, and why.</summary>
    public void Note(string subject, string text) => _notes.Add(subject, text);

    /// <summary>Writes down what was decided, and why, in a sentence that is made when it is read.</summary>
    /// <param name="subject">See <see cref="CallNote.Subject"/>.</param>
    /// <param name="state">What the sentence is made of; does not change.</param>
    /// <param name="text">Makes it.</param>
    public void Note<TState>(string subject, TState state, Func<TState, string> text) =>
        _notes.Add(subject, new LateText<TState>(state, text));

    /// <summary>Writes down the message that made the call, when its messages are written down.</summary>
    public void Add(SipFlow flow, SipMessage first)
    {
        if (_trace is { } trace)
            _services.Traces.Add(trace, flow, first);
    }

    /// <summary>Writes the messages down from now on; false when that is done already.</summary>
    public bool TryTrace()
    {
        if (_trace is not null)
            return false;
        _trace = _services.Traces.Begin(_sipCallId);
        return true;
    }

    /// <summary>The call owes nothing any more.</summary>
    public void Close()
    {
        if (_trace is not null)
            _services.Traces.End(_sipCallId);
    }
}
