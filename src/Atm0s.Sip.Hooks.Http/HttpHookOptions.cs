namespace Atm0s.Sip.Hooks.Http;

/// <summary>Where the hook server is and how patient we are with it. Checked at start.</summary>
public sealed class HttpHookOptions
{
    /// <summary>
    /// Address of the hook server, for example <c>https://app.example.com/sip</c>; <c>/auth</c>, <c>/invite</c> and so on are added.
    /// Required. Absolute, http or https,
    /// without user, query and fragment; a slash at the end does not matter. Plain http is for this machine only, unless
    /// <see cref="AllowPlainHttp"/>.
    /// </summary>
    public string Url { get; set; } = "";

    /// <summary>
    /// Shared secret of at least 16 characters: every request is signed (<see cref="Contracts.HookSignature"/>). Null, the default, signs
    /// nothing.
    /// </summary>
    public string? Secret { get; set; }

    /// <summary>Headers sent with every request, for example <c>Authorization</c>. Empty by default. Values are never logged.</summary>
    public IDictionary<string, string> Headers { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether plain http to another machine is allowed. Default false: password hashes would travel readable.</summary>
    public bool AllowPlainHttp { get; set; }

    /// <summary>
    /// Networks the hook server may be in although they are not public, as CIDR blocks or addresses, for example <c>10.1.0.0/16</c>. Empty
    /// by default: a DNS name
    /// must resolve to public addresses, an IP literal may also be private or loopback, <c>localhost</c> is loopback. Link-local addresses
    /// always need to be listed.
    /// </summary>
    public IList<string> AllowedNetworks { get; } = [];

    /// <summary>
    /// Limit for connecting, and for one attempt to tell an event, answer included. 50 ms to 50 s, default 2 s.
    /// </summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Limit for <c>/auth</c> with all attempts, waiting for a free connection included. From <see cref="AttemptTimeout"/> to 59 s,
    /// default 4 s. The server's <c>HandlerTimeout</c> is raised above it.
    /// </summary>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// Limit for <c>/invite</c>; then the caller is refused with <see cref="InviteFallbackStatus"/>. An answer that comes up to 30 s later
    /// is still used to end what the hook server rang for the caller. 50 ms to 59 s, default 10 s. The server's <c>HandlerTimeout</c> is
    /// raised above it.
    /// </summary>
    public TimeSpan InviteTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Limit for one event (register, unregister, call) with all attempts. From <see cref="AttemptTimeout"/> to 299 s, default 9 s. The
    /// server's <c>ObserverTimeout</c> is raised above it.
    /// </summary>
    public TimeSpan EventTotalTimeout { get; set; } = TimeSpan.FromSeconds(9);

    /// <summary>
    /// How often a question is repeated. 0 to 10, default 1. <c>/auth</c> is repeated after a failed or lost connection and status 408,
    /// 429, 5xx; <c>/invite</c> only after a failed connection: the hook server may have placed a call for it already.
    /// </summary>
    public int MaxRetries { get; set; } = 1;

    /// <summary>
    /// How often an event is repeated after a failed or lost connection, an attempt that took too long, or status 408, 429, 5xx. 0 to 10,
    /// default 3.
    /// </summary>
    public int EventMaxRetries { get; set; } = 3;

    /// <summary>Pause before the first repetition; doubles each time, with jitter. 1 ms to 10 s, default 200 ms.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Connections to the hook server for <c>/auth</c>, and as many for the events; what comes beyond waits for a free one, within its
    /// time limit. 1 to 10,000, default 64.
    /// </summary>
    public int MaxConnections { get; set; } = 64;

    /// <summary>
    /// Connections to the hook server for <c>/invite</c>, each for as long as it thinks about a call; what comes beyond waits for a free
    /// one, within <see cref="InviteTimeout"/>. 1 to 10,000, default 1,000.
    /// </summary>
    public int MaxInviteConnections { get; set; } = 1_000;

    /// <summary>
    /// When to stop asking a server that can't be reached. <c>/auth</c>, <c>/invite</c> and the events have a breaker each.
    /// </summary>
    public HttpHookBreakerOptions Breaker { get; } = new();

    /// <summary>
    /// How long a caller of <c>WaitOtherPeers</c> rings before he gets 480. 1 s to 10 minutes; null, the default, takes the server's
    /// <see cref="CallOptions.WaitForOthersTimeout"/> (60 s, as long as a called phone rings).
    /// </summary>
    public TimeSpan? WaitTimeout { get; set; }

    /// <summary>
    /// Whether a caller of <c>WaitOtherPeers</c> hears the room while it rings for him (183 with a session description, in place of 180):
    /// announcements, and with <see cref="CallOptions.EarlyMedia"/> what the called side says before it answers. Default false.
    /// </summary>
    public bool EarlyMedia { get; set; }

    /// <summary>
    /// Whether <c>/invite</c> is given more than the original's five fields (Request-URI, trunk, header fields, Call-ID, how the caller is
    /// known and so on), and may answer with <c>code</c>, <c>reason</c>, <c>redirect</c> and <c>participant</c>
    /// (<see cref="Contracts.InviteHookRequest"/>, <see cref="Contracts.InviteHookResponse"/>). Default false: the original's, byte for
    /// byte.
    /// </summary>
    public bool InviteDetails { get; set; }

    /// <summary>SIP status of a call about which the hook could not be asked. 400 to 699, default 486 (Busy Here).</summary>
    public int InviteFallbackStatus { get; set; } = 486;

    /// <summary>
    /// Whether <c>/register</c> is told of each refreshed registration too, so that a hook server that has restarted knows its phones
    /// again. Default true. When false, a refresh is told only as long as the registration could not be told.
    /// </summary>
    public bool TellRefreshes { get; set; } = true;

    /// <summary>
    /// Whether the events of calls are told (<c>/call</c>). Default false: hook servers written for the original do not know them.
    /// </summary>
    public bool CallEvents { get; set; }

    /// <summary>
    /// Whether the end of a room is told (<c>/room</c>), for who keeps something for each: its last member has gone. Default false: hook
    /// servers written for the original do not know it.
    /// </summary>
    public bool RoomEvents { get; set; }
}
