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
    /// Who calls, for the called network rather than the called person: P-Asserted-Identity (RFC 3325), which carriers want as the number of
    /// the account. Null by default: none is sent. Not sent to a phone when the call is <see cref="Anonymous"/>.
    /// </summary>
    public SipAddress? Identity { get; init; }

    /// <summary>
    /// Whether the number is withheld from the called (RFC 3323): From is <c>anonymous@anonymous.invalid</c>, and <c>Privacy: id</c> asks the
    /// network to hide the <see cref="Identity"/>, too. Default false.
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
    /// Values of Identity: signed tokens about the caller (STIR, RFC 8224), for example those of the incoming call that is handed on. At most
    /// 10, of 8,000 characters each; empty by default.
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
    /// The incoming call that this one rings for (<see cref="InviteRequest.CallId"/>), also while its handler has not decided yet: when that caller
    /// gives up the ringing stops at once, and when nobody takes this call the caller is told as soon as the handler sends him to its room. Null, the
    /// default, goes by the room alone.
    /// </summary>
    public string? ForCallId { get; init; }

    /// <summary>
    /// Whether the room hears what the called side says before it answers; null takes <see cref="CallOptions.EarlyMedia"/>.
    /// </summary>
    public bool? EarlyMedia { get; init; }

    /// <summary>Answers a digest challenge of the called server; null sends none.</summary>
    public SipCredentials? Credentials { get; init; }

    /// <summary>The REFER that it is made for, or null.</summary>
    internal CallReferral? Referral { get; init; }
}
