namespace Atm0s.Sip.Hooks;

/// <summary>A REFER inside a call that waits for a decision (RFC 3515).</summary>
public sealed record TransferRequest
{
    /// <summary>The call whose phone sent it: it leaves when the transfer succeeds.</summary>
    public required CallInfo Call { get; init; }

    /// <summary>
    /// How the server knows that phone: what an incoming call has shown (<see cref="InviteRequest.Authentication"/>);
    /// <see cref="CallerAuthentication.Digest"/> for a registered user who was called, <see cref="CallerAuthentication.Address"/> for
    /// another phone that was called. With <see cref="CallerAuthentication.None"/> it may be anybody, under any number: refuse, for you
    /// would call somebody for him whom he could not call himself.
    /// </summary>
    public CallerAuthentication Authentication { get; init; }

    /// <summary>
    /// Where the others of the call's room are to be connected: the URI in Refer-To, without its method parameter and header fields.
    /// </summary>
    public required string TargetUri { get; init; }

    /// <summary>The number in that URI, unescaped; empty when it has none.</summary>
    public required string Target { get; init; }

    /// <summary>The URI in Referred-By (RFC 3892), which proves nothing by itself; null when there is none.</summary>
    public string? ReferredBy { get; init; }

    /// <summary>Whether it is to take the place of a call that the phone has already (attended transfer, RFC 3891).</summary>
    public bool IsAttended { get; init; }

    /// <summary>That call, when it is one of this server; null for a blind transfer, and for a call between others.</summary>
    public CallInfo? ReplacedCall { get; init; }

    /// <summary>Header fields of the REFER in order, names as received. Without credentials.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }
}
