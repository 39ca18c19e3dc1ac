using Atm0s.Sip.Calls.Records;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip;

/// <summary>
/// What is known of a call, whether it goes on, has ended, or was refused before it was one. The lists are read when they are asked for:
/// those of a call that goes on grow, those of one that has been kept for long enough are empty.
/// </summary>
public sealed class CallReport
{
    private readonly CallRecord _record;

    internal CallReport(CallRecord record) => _record = record;

    /// <summary>Our id of the call.</summary>
    public string Id => Info.CallId;

    /// <summary>Who, whom, where.</summary>
    public required CallInfo Info { get; init; }

    /// <summary>How far it has come.</summary>
    public required CallState State { get; init; }

    /// <summary>When it began (UTC).</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was answered (UTC); null when it was not.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>How it ended; null while it goes on.</summary>
    public CallEvent.Ended? End { get; init; }

    /// <summary>When it ended (UTC); null while it goes on.</summary>
    public DateTimeOffset? EndedAt => End?.Timestamp;

    /// <summary>How the phone of an incoming call is known.</summary>
    public CallerAuthentication CallerAuthentication { get; init; }

    /// <summary>Where its signalling comes from or goes to, for example <c>udp://192.0.2.7:5060</c>; null while unknown.</summary>
    public string? Peer => _record.Peer;

    /// <summary>The call that this one was made for (<see cref="OutgoingCallOptions.ForCallId"/>), or null.</summary>
    public string? ForCallId { get; init; }

    /// <summary>Whether it was refused before it became a call: no handler and no observer has heard of it.</summary>
    public bool WasTurnedAway { get; init; }

    /// <summary>
    /// Whether it ended as neither side had wanted: it came to nothing although its caller did not give up, or broke off. False while it
    /// goes on.
    /// </summary>
    public bool HasFailed { get; init; }

    /// <summary>What was decided, and why (<see cref="ISipCall.Explain"/>).</summary>
    public IReadOnlyList<CallNote> Notes => _record.Notes;

    /// <summary>What its audio was like in the course of time, oldest first.</summary>
    public IReadOnlyList<QualitySample> Samples => _record.Samples;

    /// <summary>Its SIP messages (<see cref="ISipCall.WireTrace"/>), oldest first, secrets masked.</summary>
    public IReadOnlyList<WireTraceEntry> Messages => _record.Messages;

    /// <summary>How many of its messages had no room (<see cref="CallRecordOptions.MaxMessageBytes"/>).</summary>
    public int MessagesLeftOut => _record.MessagesLeftOut;
}
