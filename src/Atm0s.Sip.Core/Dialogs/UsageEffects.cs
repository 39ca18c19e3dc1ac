using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Dialogs;

/// <summary>Which responses to a request within a dialog end what (RFC 3261 §12.2.1.2, RFC 5057 §5.1). A pure rule.</summary>
internal static class UsageEffects
{
    /// <summary>What a final response ends.</summary>
    /// <param name="method">Method of our request.</param>
    /// <param name="statusCode">Final status; 408 also for a time-out (RFC 3261 §8.1.3.1), 503 for a transport error.</param>
    public static UsageEffect Of(SipMethod method, int statusCode) => statusCode switch
    {
        // RFC 5057 §5.1: the remote target or the route set leads nowhere: every further request would fail alike.
        404 or 410 or 416 or 482 or 483 or 484 or 485 or 502 or 604 => UsageEffect.EndsDialog,
        // RFC 3262 §3: to a PRACK it only says that the response is acknowledged already.
        481 when method == SipMethod.Prack => UsageEffect.None,
        // RFC 3261 §12.2.1.2: no such dialog, no answer: end it. RFC 5057 §5.1: but only this usage. 480 likewise.
        408 or 480 or 481 => UsageEffect.EndsUsage,
        // RFC 5057 §5.1: a usage ends when its own method is refused. An UPDATE can be an INVITE instead.
        405 or 501 when IsEssential(method) => UsageEffect.EndsUsage,
        // RFC 6665 §4.1.2.2, §4.2.2: the event of this subscription is unknown.
        489 when IsSubscription(method) => UsageEffect.EndsUsage,
        _ => UsageEffect.None,
    };

    /// <summary>Whether the method belongs to a subscription, else to the session.</summary>
    /// <param name="method">The method.</param>
    public static bool IsSubscription(SipMethod method) => method is SipMethod.Subscribe or SipMethod.Notify;

    private static bool IsEssential(SipMethod method) => method is SipMethod.Invite or SipMethod.Bye || IsSubscription(method);
}
