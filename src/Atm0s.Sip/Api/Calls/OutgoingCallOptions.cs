using Atm0s.Sip.Calls.Transfers;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip;

/// <summary>Settings of one outgoing call.</summary>
public sealed record OutgoingCallOptions
{
    /// <summary>Number the phone sees as called; null takes the user name of the registration, or the user part of the target.</summary>
    public string? ToNumber { get; init; }

    /// <summary>Name shown beside the number; no control characters.</summary>
    public string? DisplayName { get; init; }

    /// <summary>
    /// Who calls, for the called network rather than the called person: P-Asserted-Identity (RFC 3325), which carriers want as the number
    /// of the account. Null by default: none is sent. Not sent to a phone when the call is <see cref="Anonymous"/>.
    /// </summary>
    public SipAddress? Identity { get; init; }

    /// <summary>
    /// Whether the number is withheld from the called (RFC 3323): From is <c>anonymous@anonymous.invalid</c>, and <c>Privacy: id</c> asks
    /// the network to hide the <see cref="Identity"/>, too. Default false.
    /// </summary>
    public bool Anonymous { get; init; }

    /// <summary>Forwardings before, the last one first, sent as Diversion (RFC 5806). At most 20; empty by default.</summary>
    public IReadOnlyList<Diversion> Diversions
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Count > 20)
                throw new ArgumentException("A call has at most 20 diversions.", nameof(value));
            field = [.. value];
        }
    } = [];

    /// <summary>
    /// Values of Identity: signed tokens about the caller (STIR, RFC 8224), for example those of the incoming call that is handed on. At
    /// most 10, of 8,000 characters each; empty by default. Not sent to a phone when the call is <see cref="Anonymous"/>, for they name the
    /// caller.
    /// </summary>
    public IReadOnlyList<string> IdentityTokens
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Count > 10 || value.Any(t => string.IsNullOrEmpty(t) || t.Length > 8000 || t.Any(char.IsControl)))
                throw new ArgumentException(
                    "A call has at most 10 identity tokens, of 1 to 8,000 characters each and without control characters.", nameof(value));
            field = [.. value];
        }
    } = [];

    /// <summary>How long it may ring, 1 s to 10 minutes; null takes <see cref="CallOptions.RingTimeout"/>.</summary>
    public TimeSpan? RingTimeout { get; init; }

    /// <summary>As what the call comes into its room: name, attributes, muted, codecs, and the header fields added to the INVITE.</summary>
    public ParticipantOptions Participant { get; init; } = ParticipantOptions.Default;

    /// <summary>
    /// The incoming call that this one rings for (<see cref="InviteRequest.CallId"/>), also while its handler has not decided yet: when
    /// that caller gives up the ringing stops at once, and when nobody takes this call the caller is told as soon as the handler sends him
    /// to its room. Null, the default, goes by the room alone.
    /// </summary>
    public string? ForCallId { get; init; }

    /// <summary>
    /// Whether the room hears what the called side says before it answers; null takes <see cref="CallOptions.EarlyMedia"/>.
    /// </summary>
    public bool? EarlyMedia { get; init; }

    /// <summary>Answers a digest challenge of the called server; null sends none.</summary>
    public SipCredentials? Credentials { get; init; }

    /// <summary>
    /// Where the keys come from, when the audio is encrypted (<see cref="ParticipantOptions.Encryption"/>). Null (default) takes what the
    /// trunk or the server says.
    /// </summary>
    public MediaKeyExchange? KeyExchange { get; init; }

    /// <summary>In which order several phones of a user ring (<see cref="ISipServer.CallUserAsync"/>). Default all at once.</summary>
    public RingOrder RingOrder { get; init; }

    /// <summary>
    /// How long the phones of one priority ring before the next do, with <see cref="RingOrder.ByPriority"/> and where a redirection names
    /// several contacts; the last ring until <see cref="RingTimeout"/>. 1 s to 10 minutes, default 20 s.
    /// </summary>
    public TimeSpan RingTimePerGroup { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How often the called side may send this call elsewhere (3xx, RFC 3261 §8.1.3.4), call forwarding on the phone for example: 0 to 5,
    /// default 5. Its contacts are rung in order of their q value, 10 at most in one call and none twice; 0 ends the call instead
    /// (<see cref="Hooks.CallEndCause.Redirected"/>) and tells the host the contacts (<see cref="Hooks.CallFailure.Contacts"/>).
    /// <para>
    /// Whoever answers 3xx decides where the server calls. So a redirection is only followed to sip: addresses over the transports of
    /// this server, never to a trunk but from that trunk's own side, so that nobody places calls on your bill, never from outside into a
    /// network that is nearer to the server than the called side is, never back to the server itself but to a registered user, and
    /// credentials go to no other server than the one they are for. Set 0 where the called side is not trusted at all, or to decide about
    /// each case.
    /// </para>
    /// </summary>
    public int MaxRedirects { get; init; } = 5;

    /// <summary>The REFER that it is made for, or null.</summary>
    internal CallReferral? Referral { get; init; }
}
