namespace Atm0s.Sip.Hooks;

/// <summary>Answer of an <see cref="IInviteHandler"/>: join, wait, reject or redirect, and nothing else.</summary>
public abstract record InviteDecision
{
    private InviteDecision()
    {
    }

    /// <summary>Answer at once and join the room, which is made when it does not exist.</summary>
    /// <param name="roomId">Name of the room: 1 to 256 characters.</param>
    /// <param name="endWhenOthersLeave">Whether the call ends when all other members have left, or none has come within the server's
    /// <c>WaitForOthersTimeout</c>. Default false: who dials into a room stays, alone if need be.</param>
    /// <param name="participant">As what it comes into the room; null takes <see cref="ParticipantOptions.Default"/>.</param>
    public static InviteDecision JoinRoom(string roomId, bool endWhenOthersLeave = false, ParticipantOptions? participant = null) =>
        new Join(CheckRoom(roomId), endWhenOthersLeave, participant ?? ParticipantOptions.Default);

    /// <summary>
    /// Ring (180) and answer when another member is connected in the room. The call ends when all others have left.
    /// </summary>
    /// <param name="roomId">Name of the room: 1 to 256 characters.</param>
    /// <param name="timeout">How long to ring, a day at most; null takes the server's <c>WaitForOthersTimeout</c> (60 s). When it passes
    /// the caller hears 480.</param>
    /// <param name="participant">As what it comes into the room; null takes <see cref="ParticipantOptions.Default"/>.</param>
    /// <param name="earlyMedia">Whether the caller hears the room while it rings (183 with a description, reliable where its phone can, RFC
    /// 3262): a prompt, or the announcement of who is called. Over UDP a caller who has shown nothing but an address hears five packets
    /// of it until he is heard of, unless it is trusted and its audio goes where it calls from, or to its network. Default false.</param>
    public static InviteDecision WaitForOthers(
        string roomId, TimeSpan? timeout = null, ParticipantOptions? participant = null, bool earlyMedia = false)
    {
        if (timeout is { } t && (t <= TimeSpan.Zero || t > TimeSpan.FromDays(1)))
            throw new ArgumentOutOfRangeException(
                nameof(timeout), timeout, "The time to wait must be positive, and at most a day; null takes the server's default.");
        return new Wait(CheckRoom(roomId), timeout, participant ?? ParticipantOptions.Default, earlyMedia);
    }

    /// <summary>Refuse the call.</summary>
    /// <param name="statusCode">
    /// A final failure code, 400 to 699 (RFC 3261 §21), for example 404, 486 or 603. Those that mean nothing without a field of their own
    /// (401, 407, 420 to 423, 494) are sent as 480.
    /// </param>
    /// <param name="reasonPhrase">Text beside the code, at most 256 characters and no control characters; null takes the standard one.</param>
    public static InviteDecision Reject(int statusCode, string? reasonPhrase = null)
    {
        if (statusCode is < 400 or > 699)
            throw new ArgumentOutOfRangeException(
                nameof(statusCode), statusCode, "A call is rejected with a status code from 400 to 699, for example 486 (Busy Here).");
        return new Rejection(statusCode, Hooks.ReasonPhrase.Check(reasonPhrase));
    }

    /// <summary>
    /// Send the caller elsewhere: 302 Moved Temporarily, or 300 when there is a choice (RFC 3261 §21.3). The caller's phone then calls
    /// there by itself.
    /// </summary>
    /// <param name="contacts">One to ten SIP URIs, best first, for example <c>sip:1001@192.0.2.7</c>.</param>
    public static InviteDecision Redirect(params IReadOnlyList<string> contacts)
    {
        ArgumentNullException.ThrowIfNull(contacts);
        if (contacts.Count is 0 or > 10)
            throw new ArgumentException("A call is redirected to one to ten URIs.", nameof(contacts));
        foreach (var contact in contacts)
        {
            if (contact is null || contact.Length > 1024
                || !(contact.StartsWith("sip:", StringComparison.OrdinalIgnoreCase)
                || contact.StartsWith("sips:", StringComparison.OrdinalIgnoreCase))
                || contact.AsSpan().ContainsAny('<', '>', '"') || contact.Any(c => c == ' ' || char.IsControl(c)))
                throw new ArgumentException($"\"{contact}\" is no SIP URI; write for example sip:1001@192.0.2.7.", nameof(contacts));
        }

        return new Redirection([.. contacts]);
    }

    private static string CheckRoom(string roomId)
    {
        ArgumentException.ThrowIfNullOrEmpty(roomId);
        if (roomId.Length > 256)
            throw new ArgumentException("A room name has at most 256 characters.", nameof(roomId));
        return roomId;
    }

    /// <summary>Case of <see cref="JoinRoom"/>.</summary>
    public sealed record Join : InviteDecision
    {
        internal Join(string roomId, bool endWhenOthersLeave, ParticipantOptions participant) =>
            (RoomId, EndWhenOthersLeave, Participant) = (roomId, endWhenOthersLeave, participant);

        /// <summary>Name of the room.</summary>
        public string RoomId { get; }

        /// <summary>Whether the call ends when all other members have left.</summary>
        public bool EndWhenOthersLeave { get; }

        /// <summary>As what the call comes into the room.</summary>
        public ParticipantOptions Participant { get; }
    }

    /// <summary>Case of <see cref="WaitForOthers"/>.</summary>
    public sealed record Wait : InviteDecision
    {
        internal Wait(string roomId, TimeSpan? timeout, ParticipantOptions participant, bool earlyMedia) =>
            (RoomId, Timeout, Participant, EarlyMedia) = (roomId, timeout, participant, earlyMedia);

        /// <summary>Name of the room.</summary>
        public string RoomId { get; }

        /// <summary>How long to ring, or null for the server's default.</summary>
        public TimeSpan? Timeout { get; }

        /// <summary>As what the call comes into the room.</summary>
        public ParticipantOptions Participant { get; }

        /// <summary>Whether the caller hears the room while it rings.</summary>
        public bool EarlyMedia { get; }
    }

    /// <summary>Case of <see cref="Reject"/>.</summary>
    public sealed record Rejection : InviteDecision
    {
        internal Rejection(int statusCode, string? reasonPhrase) => (StatusCode, ReasonPhrase) = (statusCode, reasonPhrase);

        /// <summary>Final failure code, 400 to 699.</summary>
        public int StatusCode { get; }

        /// <summary>Text beside the code, or null for the standard one.</summary>
        public string? ReasonPhrase { get; }
    }

    /// <summary>Case of <see cref="Redirect"/>.</summary>
    public sealed record Redirection : InviteDecision
    {
        internal Redirection(IReadOnlyList<string> contacts) => Contacts = contacts;

        /// <summary>Where the caller shall call instead, best first.</summary>
        public IReadOnlyList<string> Contacts { get; }
    }
}
