using System.Text;
using Atm0s.Sip.Calls.Incoming;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Defence;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Records;

/// <summary>
/// Writes down INVITEs that are refused before they become a call. Strangers send them: a few each second are kept, and the others cost
/// nothing. Any thread.
/// </summary>
internal sealed class RefusedInvites(CallServices services)
{
    private const int MaxPerSecond = 10;
    private const int MaxText = 256;

    private readonly LogBudget _budget = new(MaxPerSecond);
    private long _number;

    /// <summary>Whether the next one is written down: to be asked once for each, before <see cref="Add"/>.</summary>
    public bool TryTake() => services.History.KeepsRefused && _budget.TryTake(services.Stack.Clock.Now);

    /// <summary>Writes one down.</summary>
    /// <param name="callId">The id that the call would have had, or null.</param>
    /// <param name="flow">Where it came from.</param>
    /// <param name="request">The INVITE.</param>
    /// <param name="source">What its address says of it.</param>
    /// <param name="response">The whole response.</param>
    /// <param name="status">Its code.</param>
    /// <param name="reason">Why.</param>
    public void Add(
        string? callId, SipFlow flow, SipMessage request, InviteSource source, ReadOnlySpan<byte> response, int status, string reason)
    {
        var now = services.Stack.Clock.UtcNow;
        var info = new CallInfo
        {
            CallId = callId ?? $"refused-{Interlocked.Increment(ref _number)}",
            SipCallId = Clip(Encoding.UTF8.GetString(request.CallId)),
            Direction = CallDirection.Incoming,
            From = Clip(SipNumbers.Of(request.From.Uri)),
            To = Clip(SipNumbers.Of(request.To.Uri)),
            Trunk = source.Trunk,
        };
        var record = CallRecord.OfRefused(services, info.SipCallId);
        record.Note("source", TracePeer.Of(flow), static peer => $"INVITE from {peer}");
        record.Note("end", $"{status}: {reason}");
        record.Add(flow, request);
        record.Add(flow, response, isSent: true);
        var report = new CallReport(record)
        {
            Info = info,
            State = CallState.Ended,
            StartedAt = now,
            WasTurnedAway = true,
            HasFailed = true,
            End = new CallEvent.Ended
            {
                Call = info,
                Timestamp = now,
                Cause = CauseOf(status),
                StatusCode = status,
                Reason = reason,
                Duration = TimeSpan.Zero,
            },
        };
        services.History.Add(report, record);
    }

    private static CallEndCause CauseOf(int status) => status switch
    {
        401 or 403 or 407 => CallEndCause.Unauthorized,
        487 => CallEndCause.Cancelled,
        >= 500 => CallEndCause.Failed,
        _ => CallEndCause.Rejected,
    };

    private static string Clip(string text) => text.Length <= MaxText ? text : text[..MaxText];
}
