using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Calls.Records;

/// <summary>What is written down of one call: why things were decided, its messages, and what its audio was like. Any thread.</summary>
internal sealed class CallRecord
{
    private readonly WireTraces _traces;
    private readonly string _sipCallId;
    private readonly CallNotes _notes;
    private readonly int _maxSamples;
    private volatile QualitySamples? _samples;
    private volatile WireTrace? _trace;
    private State _state;

    private enum State
    {
        Open,       // the call goes on
        Ended,
        Settled,    // it owes nothing any more
        Released,   // and is not kept
    }

    /// <summary>Of a call that begins.</summary>
    public CallRecord(CallServices services, string sipCallId)
        : this(services, sipCallId, services.Traces.Begin(sipCallId, services.Options.Calls.WireTrace)) =>
        _maxSamples = services.Options.Calls.Records.MaxSamples;

    private CallRecord(CallServices services, string sipCallId, WireTrace? trace)
    {
        _traces = services.Traces;
        _sipCallId = sipCallId;
        _notes = new CallNotes(services.Stack.Clock);
        _trace = trace;
    }

    public IReadOnlyList<CallNote> Notes => _notes.All;

    public IReadOnlyList<WireTraceEntry> Messages => _trace?.All ?? [];

    public int MessagesLeftOut => _trace?.LeftOut ?? 0;

    public IReadOnlyList<QualitySample> Samples => _samples?.All ?? [];

    /// <summary>With whom it is; null while that is not known.</summary>
    public string? Peer => _trace?.Peer?.ToString();

    /// <summary>Bytes that it uses, roughly.</summary>
    public long Memory => (_trace?.Memory ?? 0) + (_samples?.Memory ?? 0) + _notes.Memory;

    /// <summary>Of a call that was refused before it was one, or could not even be tried.</summary>
    public static CallRecord OfRefused(CallServices services, string sipCallId) => new(services, sipCallId, services.Traces.NewForRefused())
    {
        _state = State.Settled,
    };

    /// <summary>Writes down what was decided, and why.</summary>
    public void Note(string subject, string text) => _notes.Add(subject, text);

    /// <summary>Writes down what was decided, and why, in a sentence that is made when it is read.</summary>
    /// <param name="subject">See <see cref="CallNote.Subject"/>.</param>
    /// <param name="state">What the sentence is made of; does not change, and is small: it is kept.</param>
    /// <param name="text">Makes it.</param>
    public void Note<TState>(string subject, TState state, Func<TState, string> text) =>
        _notes.Add(subject, new LateText<TState>(state, text));

    /// <summary>Writes down a message that came before the trace began.</summary>
    public void Add(SipFlow flow, SipMessage received) => Add(flow, received.Raw, isSent: false);

    /// <summary>Writes down a message that the trace does not see.</summary>
    public void Add(SipFlow flow, ReadOnlySpan<byte> message, bool isSent)
    {
        if (_trace is { } trace)
            _traces.Add(trace, flow, message, isSent);
    }

    /// <summary>Writes down what the audio is like now. One thread.</summary>
    public void Sample(DateTimeOffset now, RtpLegStatistics leg)
    {
        if (_maxSamples > 0)
            (_samples ??= new QualitySamples(_maxSamples)).Add(now, leg);
    }

    /// <summary>Gives the messages more room from now on; false when they have it already.</summary>
    public bool TryTrace()
    {
        if (_trace is { IsWanted: true })
            return false;
        _trace = _traces.Widen(_sipCallId, _trace);
        return true;
    }

    /// <summary>The call has ended, though messages may still come.</summary>
    public void End()
    {
        if (Interlocked.CompareExchange(ref _state, State.Ended, State.Open) == State.Open && _trace is { } trace)
            _traces.Retire(trace);
    }

    /// <summary>The call owes nothing any more.</summary>
    public void Close()
    {
        End();
        var before = Interlocked.CompareExchange(ref _state, State.Settled, State.Ended);
        if (before is State.Ended or State.Released && _trace is { } trace)
            _traces.End(_sipCallId, trace);
    }

    /// <summary>The call is not kept any more. Once.</summary>
    public void Release()
    {
        if (Interlocked.Exchange(ref _state, State.Released) != State.Released && _trace is { } trace)
            _traces.Release(trace);
    }
}
