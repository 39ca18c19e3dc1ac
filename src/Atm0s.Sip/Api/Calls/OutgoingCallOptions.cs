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

    /// <summary>Answers a digest challenge of the called server; null sends none.</summary>
    public SipCredentials? Credentials { get; init; }

    /// <summary>The REFER that it is made for, or null.</summary>
    internal CallReferral? Referral { get; init; }
}
