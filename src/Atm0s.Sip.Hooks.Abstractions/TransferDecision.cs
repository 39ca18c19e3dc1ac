namespace Atm0s.Sip.Hooks;

/// <summary>Answer of an <see cref="ITransferHandler"/>: accept, move to a room or refuse, and nothing else.</summary>
public abstract record TransferDecision
{
    private TransferDecision()
    {
    }

    /// <summary>
    /// Do it. A blind transfer rings the target into the room of the call; when it answers, the call that asked ends
    /// (<see cref="CallEndCause.Transferred"/>), and when it does not, that call goes on. An attended transfer to a call of this server
    /// brings the others of both rooms together, and both calls of the phone end; nobody is rung then, and the settings here do not count.
    /// <para>
    /// Without a <paramref name="target"/> the phone decides where this server calls: look at <see cref="TransferRequest.TargetUri"/>
    /// before, or name the target. As of a redirection, it gets to no trunk but its own, so that nobody places calls on your bill, to no
    /// network that is nearer to the server than it is itself, and not back to the server but to a registered user: the phone is told 403
    /// then, and its call goes on.
    /// </para>
    /// </summary>
    /// <param name="target">Whom to ring; null takes what was asked for: the registered user when the URI is of this server, else the
    /// URI.</param>
    /// <param name="fromNumber">Number shown to the target, 1 to 256 characters, no control characters; null takes that of the other one in
    /// the room, or with several others that of the phone that asked.</param>
    /// <param name="ringTimeout">How long it may ring, 1 s to 10 minutes; null takes the server's <c>RingTimeout</c>.</param>
    /// <param name="participant">As what the target comes into the room; null takes <see cref="ParticipantOptions.Default"/>.</param>
    public static TransferDecision Accept(
        TransferTarget? target = null, string? fromNumber = null, TimeSpan? ringTimeout = null, ParticipantOptions? participant = null)
    {
        if (fromNumber is not null && (fromNumber.Length is 0 or > 256 || fromNumber.AsSpan().ContainsAnyInRange('\0', '\u001f')))
            throw new ArgumentException("A number has 1 to 256 characters and no control characters.", nameof(fromNumber));
        if (ringTimeout is { } ring && (ring < TimeSpan.FromSeconds(1) || ring > TimeSpan.FromMinutes(10)))
            throw new ArgumentOutOfRangeException(
                nameof(ringTimeout), ring, "It may ring for 1 s to 10 minutes; null takes the server's default.");
        return new Acceptance(target, fromNumber, ringTimeout, participant ?? ParticipantOptions.Default);
    }

    /// <summary>
    /// Take the others of the call's room to another room instead of ringing anybody; then the call that asked ends
    /// (<see cref="CallEndCause.Transferred"/>).
    /// </summary>
    /// <param name="roomId">Name of the room: 1 to 256 characters. It is made when it does not exist.</param>
    public static TransferDecision MoveToRoom(string roomId)
    {
        ArgumentException.ThrowIfNullOrEmpty(roomId);
        if (roomId.Length > 256)
            throw new ArgumentException("A room name has at most 256 characters.", nameof(roomId));
        return new Move(roomId);
    }

    /// <summary>Do not.</summary>
    /// <param name="statusCode">A final failure code, 400 to 699; default 603 (Decline).</param>
    /// <param name="reasonPhrase">Text beside the code, at most 256 characters and no control characters; null takes the standard one.</param>
    public static TransferDecision Refuse(int statusCode = 603, string? reasonPhrase = null)
    {
        if (statusCode is < 400 or > 699)
            throw new ArgumentOutOfRangeException(
                nameof(statusCode), statusCode, "A transfer is refused with a status code from 400 to 699, for example 603 (Decline).");
        return new Refusal(statusCode, Hooks.ReasonPhrase.Check(reasonPhrase));
    }

    /// <summary>Case of <see cref="Accept"/>.</summary>
    public sealed record Acceptance : TransferDecision
    {
        internal Acceptance(TransferTarget? target, string? fromNumber, TimeSpan? ringTimeout, ParticipantOptions participant) =>
            (Target, FromNumber, RingTimeout, Participant) = (target, fromNumber, ringTimeout, participant);

        /// <summary>Whom to ring, or null for what was asked for.</summary>
        public TransferTarget? Target { get; }

        /// <summary>Number shown to the target, or null.</summary>
        public string? FromNumber { get; }

        /// <summary>How long it may ring, or null for the server's default.</summary>
        public TimeSpan? RingTimeout { get; }

        /// <summary>As what the target comes into the room.</summary>
        public ParticipantOptions Participant { get; }
    }

    /// <summary>Case of <see cref="MoveToRoom"/>.</summary>
    public sealed record Move : TransferDecision
    {
        internal Move(string roomId) => RoomId = roomId;

        /// <summary>Name of the room.</summary>
        public string RoomId { get; }
    }

    /// <summary>Case of <see cref="Refuse"/>.</summary>
    public sealed record Refusal : TransferDecision
    {
        internal Refusal(int statusCode, string? reasonPhrase) => (StatusCode, ReasonPhrase) = (statusCode, reasonPhrase);

        /// <summary>Final failure code, 400 to 699.</summary>
        public int StatusCode { get; }

        /// <summary>Text beside the code, or null for the standard one.</summary>
        public string? ReasonPhrase { get; }
    }
}
