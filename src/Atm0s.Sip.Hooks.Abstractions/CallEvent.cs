namespace Atm0s.Sip.Hooks;

/// <summary>
/// A step in the life of a call: connecting, then possibly ringing, then possibly answered, then ended exactly once; moves and digits come
/// between. A call that the host refuses has never been connecting: <see cref="Ended"/> is all that is told of it.
/// </summary>
public abstract record CallEvent
{
    private CallEvent()
    {
    }

    /// <summary>The call.</summary>
    public required CallInfo Call { get; init; }

    /// <summary>When it happened (UTC).</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The call exists: an INVITE was sent, or one was received and the host chose a room.</summary>
    public sealed record Connecting : CallEvent;

    /// <summary>The called side rings (180, or 183).</summary>
    public sealed record Ringing : CallEvent;

    /// <summary>The call is up and audio flows.</summary>
    public sealed record Answered : CallEvent
    {
        /// <summary>Encoding name of the codec in use, for example <c>PCMA</c>.</summary>
        public required string Codec { get; init; }

        /// <summary>How the audio is encrypted; null when it is not.</summary>
        public CallEncryption? Encryption { get; init; }
    }

    /// <summary>The call went to another room; <see cref="CallInfo.RoomId"/> is the new one.</summary>
    public sealed record Moved : CallEvent
    {
        /// <summary>The room it left.</summary>
        public required string FromRoomId { get; init; }
    }

    /// <summary>
    /// The phone sent a digit: a telephone event (RFC 4733) or a SIP INFO (RFC 2976). A key that it sends both ways is told once.
    /// </summary>
    public sealed record DtmfReceived : CallEvent
    {
        /// <summary>One of <c>0123456789*#ABCD</c>.</summary>
        public required char Digit { get; init; }

        /// <summary>How long the key was held.</summary>
        public required TimeSpan Duration { get; init; }

        /// <summary>Does not show the digit: people type card numbers and PINs.</summary>
        public override string ToString() => $"DtmfReceived {{ Call = {Call.CallId} }}";
    }

    /// <summary>The call is on hold: one side does not want to hear the other for a while (RFC 3264 §8.4).</summary>
    public sealed record Held : CallEvent
    {
        /// <summary>Whether the host holds the phone; else the phone holds us.</summary>
        public required bool ByHost { get; init; }
    }

    /// <summary>The call goes on after a hold.</summary>
    public sealed record Resumed : CallEvent
    {
        /// <summary>Whether it was the host that had held the phone.</summary>
        public required bool ByHost { get; init; }
    }

    /// <summary>The call is over. Always the last event.</summary>
    public sealed record Ended : CallEvent
    {
        /// <summary>Why.</summary>
        public required CallEndCause Cause { get; init; }

        /// <summary>The SIP status code that ended or refused the call, or 0 when it ended by BYE.</summary>
        public required int StatusCode { get; init; }

        /// <summary>A sentence for the log.</summary>
        public required string Reason { get; init; }

        /// <summary>Time from answer to end; zero when it was never answered.</summary>
        public required TimeSpan Duration { get; init; }

        /// <summary>What the other side said beside the status code, or in its BYE or CANCEL; null when it said no more.</summary>
        public CallFailure? Failure { get; init; }

        /// <summary>What the audio was like, or null when there never was any.</summary>
        public CallQuality? Quality { get; init; }
    }
}
