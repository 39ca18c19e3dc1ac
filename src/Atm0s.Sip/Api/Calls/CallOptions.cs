using Atm0s.Sip.Hooks;

namespace Atm0s.Sip;

/// <summary>Limits and times of calls.</summary>
public sealed class CallOptions
{
    /// <summary>How long a called phone may ring. 1 s to 10 minutes, default 60 s; then the call ends as not answered.</summary>
    public TimeSpan RingTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long a caller waits for others unless the handler says otherwise, and how long one that was let into his room at once may be
    /// alone there where he is to end with the others; a program that has his phone for itself is company. 1 s to 10 minutes, default 60 s.
    /// </summary>
    public TimeSpan WaitForOthersTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest call. 1 s to 7 days, default 24 hours; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</summary>
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Whether outgoing calls, and incoming ones that waited for others, end when all other members have left the room. Default
    /// true.
    /// A call that joined its room at once goes by its own <c>InviteDecision.JoinRoom</c>.</summary>
    public bool EndWhenOthersLeave { get; set; } = true;

    /// <summary>
    /// How long an answered outgoing call may be alone in its room before it ends, where it is to end with the others
    /// (<see cref="EndWhenOthersLeave"/>): whom it was for may have gone before he was in the room. A program that has the phone for itself
    /// (a stream of both ways, a prompt, digits that are asked for) is company. 1 s to 24 hours, default 60 s; zero or an infinite time
    /// means for ever.
    /// </summary>
    public TimeSpan AloneTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How often each side shows that a call is still up (session timer, RFC 4028): the interval that we ask for, refreshed after half of
    /// it, by UPDATE where the phone has it, else by re-INVITE. 90 s to 24 hours, default 30 minutes; zero or an infinite time asks for
    /// none, but grants what a phone or proxy asks for. A call that is not refreshed in time ends (<see cref="CallEndCause.SessionExpired"/>).
    /// </summary>
    public TimeSpan SessionInterval { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>The smallest session interval that we grant; less is answered 422 (RFC 4028 §9). 90 s to 24 hours, default 90 s.</summary>
    public TimeSpan MinSessionInterval { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>
    /// Whether the room hears what a called side says before it answers (183 with a description): ringing tones and announcements. Default
    /// false.
    /// </summary>
    public bool EarlyMedia { get; set; }

    /// <summary>
    /// Whether keys that come as telephone events or by INFO go on to the other calls of the room, in the way that each of them takes keys.
    /// Default <see cref="DigitRelay.WhenTwo"/>. A room of the host's own does not pass them on.
    /// </summary>
    public DigitRelay RelayDigits { get; set; }

    /// <summary>
    /// Whether the SIP messages of every call have the room that <see cref="ISipCall.TraceWireAsync"/> gives one of them: 128 KiB in place
    /// of <see cref="CallRecordOptions.MaxMessageBytes"/>. For tests and for who looks for something; default false.
    /// </summary>
    public bool WireTrace { get; set; }

    /// <summary>What is kept of calls for who asks later what happened.</summary>
    public CallRecordOptions Records { get; } = new();

    /// <summary>Calls at one time, default 10,000. A new one beyond is answered 503 with Retry-After.</summary>
    public int MaxCalls { get; set; } = 10_000;

    /// <summary>
    /// Calls at one time that one user may make to us, 1 to 1,000,000; default 1,000: the lines of a large call centre with one login, and
    /// a tenth of all for who has stolen a password. A new one beyond is answered 486.
    /// </summary>
    public int MaxCallsPerUser { get; set; } = 1_000;

    /// <summary>
    /// Calls at one time from one address (one /64 of IPv6) that a rule trusts and that is no trunk, 1 to 1,000,000; null, the default, for
    /// no limit but <see cref="MaxCalls"/>. A new one beyond is answered 503 with Retry-After. A trunk has
    /// <see cref="TrunkOptions.MaxCalls"/>.
    /// </summary>
    public int? MaxCallsPerTrustedSource { get; set; }

    /// <summary>
    /// Calls at one time from one address (one /64 of IPv6) that nobody vouches for: no password, no trusted network, no trunk. 1 to
    /// 1,000,000; null, the default, means a quarter of <see cref="MaxCalls"/> or of the RTP port pairs, whichever is less. A new one
    /// beyond is answered 503 with Retry-After, so that one stranger does not take every place.
    /// </summary>
    public int? MaxUnverifiedPerSource { get; set; }

    /// <summary>
    /// How many of those may be without an ACK yet: ringing, or just answered. 1 to 1,000,000, default 256: an office behind one address. A
    /// new one beyond is answered 503 with Retry-After.
    /// </summary>
    public int MaxUnconfirmedPerSource { get; set; } = 256;

    /// <summary>
    /// How many of them may be without an ACK from all addresses together, since whoever forges his address never sends one, and each stays
    /// for 32 s (RFC 3261 §13.3.1.4). 1 to 1,000,000, default 1,000; never more than half of <see cref="MaxCalls"/>.
    /// </summary>
    public int MaxUnconfirmed { get; set; } = 1_000;
}
