namespace Atm0s.Sip.Hooks;

/// <summary>Answer of an <see cref="IInviteHandler"/>.</summary>
public abstract record InviteDecision
{
    private InviteDecision()
    {
    }

    /// <summary>Answer at once and join the room, which is made when it does not exist.</summary>
    /// <param name="roomId">Name of the room: 1 to 256 characters.</param>
    /// <param name="endWhenOthersLeave">Whether the call ends when all other members have left. Default false: who dials into a room stays, alone if need be.</param>
    public static InviteDecision JoinRoom(string roomId, bool endWhenOthersLeave = false) => new Join(CheckRoom(roomId), endWhenOthersLeave);

    /// <summary>Ring (180) and answer when another member is connected in the room. The call ends when all others have left.</summary>
    /// <param name="roomId">Name of the room: 1 to 256 characters.</param>
    /// <param name="timeout">How long to ring; null takes the server's <c>WaitForOthersTimeout</c> (60 s). When it passes the caller hears 480.</param>
    public static InviteDecision WaitForOthers(string roomId, TimeSpan? timeout = null)
    {
        if (timeout is { } t && t <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "The time to wait must be positive; null takes the server's default.");
        return new Wait(CheckRoom(roomId), timeout);
    }

    /// <summary>Refuse the call.</summary>
    /// <param name="statusCode">A final failure code, 400 to 699 (RFC 3261 §21), for example 404, 486 or 603.</param>
    /// <param name="reasonPhrase">Text beside the code; null takes the standard one. No control characters.</param>
    public static InviteDecision Reject(int statusCode, string? reasonPhrase = null)
    {
        if (statusCode is < 400 or > 699)
            throw new ArgumentOutOfRangeException(nameof(statusCode), statusCode, "A call is rejected with a status code from 400 to 699, for example 486 (Busy Here).");
        if (reasonPhrase is not null && reasonPhrase.AsSpan().ContainsAnyInRange('\0', '\u001f'))
            throw new ArgumentException("A reason phrase must not hold control characters.", nameof(reasonPhrase));
        return new Rejection(statusCode, reasonPhrase);
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
        internal Join(string roomId, bool endWhenOthersLeave) => (RoomId, EndWhenOthersLeave) = (roomId, endWhenOthersLeave);

        /// <summary>Name of the room.</summary>
        public string RoomId { get; }

        /// <summary>Whether the call ends when all other members have left.</summary>
        public bool EndWhenOthersLeave { get; }
    }

    /// <summary>Case of <see cref="WaitForOthers"/>.</summary>
    public sealed record Wait : InviteDecision
    {
        internal Wait(string roomId, TimeSpan? timeout) => (RoomId, Timeout) = (roomId, timeout);

        /// <summary>Name of the room.</summary>
        public string RoomId { get; }

        /// <summary>How long to ring, or null for the server's default.</summary>
        public TimeSpan? Timeout { get; }
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
}
