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

    /// <summary>Limit for one attempt, answer included. 50 ms to 60 s, default 2 s.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Limit for one question (auth, invite) with all attempts. From <see cref="AttemptTimeout"/>, and below the server's
    /// <c>HandlerTimeout</c>; default 4 s.
    /// </summary>
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>
    /// Limit for one event (register, unregister, call) with all attempts. From <see cref="AttemptTimeout"/>, and below the server's
    /// <c>ObserverTimeout</c>; default 9 s.
    /// </summary>
    public TimeSpan EventTotalTimeout { get; set; } = TimeSpan.FromSeconds(9);

    /// <summary>
    /// How often a question is repeated after a failed connection, an attempt that took too long, or status 408, 429, 5xx. 0 to 10, default
    /// 1.
    /// </summary>
    public int MaxRetries { get; set; } = 1;

    /// <summary>How often an event is repeated, for the same reasons. 0 to 10, default 3.</summary>
    public int EventMaxRetries { get; set; } = 3;

    /// <summary>Pause before the first repetition; doubles each time, with jitter. 1 ms to 10 s, default 200 ms.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>When to stop asking a server that does not answer. Questions and events have a breaker each.</summary>
    public HttpHookBreakerOptions Breaker { get; } = new();

    /// <summary>SIP status of a call about which the hook could not be asked. 400 to 699, default 486 (Busy Here).</summary>
    public int InviteFallbackStatus { get; set; } = 486;

    /// <summary>Whether <c>/register</c> is told of refreshed registrations too. Default false: only of new ones.</summary>
    public bool TellRefreshes { get; set; }

    /// <summary>
    /// Whether the events of calls are told (<c>/call</c>). Default false: hook servers written for the original do not know them.
    /// </summary>
    public bool CallEvents { get; set; }
}
