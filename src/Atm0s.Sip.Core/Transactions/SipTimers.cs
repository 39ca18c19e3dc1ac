namespace Atm0s.Sip.Core.Transactions;

/// <summary>
/// The timer values of RFC 3261 §17 (table 4), RFC 6026 §7 and RFC 4320 §4.1. Immutable: one instance is shared by every transaction.
/// </summary>
/// <remarks>Only T1, T2, T4, the floor of Timer D and the 200 ms of the automatic 100 can be set; all others follow from them.</remarks>
public sealed record SipTimers
{
    /// <summary>The values of RFC 3261: T1 500 ms, T2 4 s, T4 5 s.</summary>
    public static SipTimers Default { get; } = new();

    /// <summary>Round trip estimate. Default 500 ms; more on slow links, never more than <see cref="T2"/>.</summary>
    public TimeSpan T1 { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest interval between retransmissions of non-INVITE requests and INVITE responses. Default 4 s.</summary>
    public TimeSpan T2 { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long a message stays in the network. Default 5 s.</summary>
    public TimeSpan T4 { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Floor of Timer D on unreliable transports. Default 32 s, the absolute minimum of RFC 3261 §17.1.1.2.</summary>
    public TimeSpan TimerDMinimum { get; init; } = TimeSpan.FromSeconds(32);

    /// <summary>
    /// After this time without a response from the application an INVITE is answered 100. Default 200 ms (RFC 3261 §17.2.1).
    /// </summary>
    public TimeSpan InviteTrying { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>64*T1: the life of a request without an answer (timers B, F, H, J, L, M).</summary>
    public TimeSpan TransactionTimeout => T1 * 64;

    /// <summary>INVITE request retransmission: first interval, doubles without limit (RFC 3261 §17.1.1.2).</summary>
    public TimeSpan TimerA => T1;

    /// <summary>INVITE client time-out.</summary>
    public TimeSpan TimerB => TransactionTimeout;

    /// <summary>Non-INVITE request retransmission: first interval, doubles up to <see cref="T2"/>.</summary>
    public TimeSpan TimerE => T1;

    /// <summary>Non-INVITE client time-out.</summary>
    public TimeSpan TimerF => TransactionTimeout;

    /// <summary>INVITE final response retransmission: first interval, doubles up to <see cref="T2"/>.</summary>
    public TimeSpan TimerG => T1;

    /// <summary>Wait for the ACK.</summary>
    public TimeSpan TimerH => TransactionTimeout;

    /// <summary>RFC 6026: how long an accepted INVITE server transaction absorbs retransmissions; all transports.</summary>
    public TimeSpan TimerL => TransactionTimeout;

    /// <summary>RFC 6026: how long an accepted INVITE client transaction passes further 2xx up; all transports.</summary>
    public TimeSpan TimerM => TransactionTimeout;

    /// <summary>
    /// Time until a client's Timer E is reset to T2: from then on, and on UDP not before, a non-INVITE request is answered 100
    /// (RFC 4320 §4.1). 3.5 s with the default values.
    /// </summary>
    public TimeSpan NonInviteTrying
    {
        get
        {
            TimeSpan sum = TimeSpan.Zero, interval = T1;
            do
            {
                sum += interval;
                interval = Double(interval);
            }
            while (interval < T2);
            return sum;
        }
    }

    /// <summary>Wait for response retransmissions after a non-2xx final response to an INVITE: zero when reliable.</summary>
    /// <param name="reliable">Whether the transport is reliable.</param>
    public TimeSpan TimerD(bool reliable) =>
        reliable ? TimeSpan.Zero : TransactionTimeout > TimerDMinimum ? TransactionTimeout : TimerDMinimum;

    /// <summary>Wait for ACK retransmissions: T4, zero when reliable.</summary>
    /// <param name="reliable">Whether the transport is reliable.</param>
    public TimeSpan TimerI(bool reliable) => reliable ? TimeSpan.Zero : T4;

    /// <summary>Wait for retransmissions of a non-INVITE request: 64*T1, zero when reliable.</summary>
    /// <param name="reliable">Whether the transport is reliable.</param>
    public TimeSpan TimerJ(bool reliable) => reliable ? TimeSpan.Zero : TransactionTimeout;

    /// <summary>Wait for retransmissions of a non-INVITE response: T4, zero when reliable.</summary>
    /// <param name="reliable">Whether the transport is reliable.</param>
    public TimeSpan TimerK(bool reliable) => reliable ? TimeSpan.Zero : T4;

    /// <summary>The next retransmission interval: twice the last, at most <see cref="T2"/>.</summary>
    /// <param name="interval">The last interval.</param>
    public TimeSpan Double(TimeSpan interval) => interval * 2 < T2 ? interval * 2 : T2;

    /// <summary>Checks the values against each other; called once at start-up.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        if (T1 < TimeSpan.FromMilliseconds(1) || T1 > TimeSpan.FromSeconds(30))
            throw new ArgumentException($"{nameof(T1)} must lie between 1 ms and 30 s, but is {T1}.");
        if (T2 < T1 || T2 > TimeSpan.FromMinutes(2))
            throw new ArgumentException($"{nameof(T2)} must lie between {nameof(T1)} and 2 min, but is {T2}.");
        if (T4 < TimeSpan.Zero || T4 > TimeSpan.FromMinutes(2))
            throw new ArgumentException($"{nameof(T4)} must lie between 0 and 2 min, but is {T4}.");
        if (TimerDMinimum < TimeSpan.Zero || TimerDMinimum > TimeSpan.FromMinutes(5))
            throw new ArgumentException($"{nameof(TimerDMinimum)} must lie between 0 and 5 min, but is {TimerDMinimum}.");
        if (InviteTrying < TimeSpan.Zero || InviteTrying > TimeSpan.FromSeconds(10))
            throw new ArgumentException($"{nameof(InviteTrying)} must lie between 0 and 10 s, but is {InviteTrying}.");
    }
}
