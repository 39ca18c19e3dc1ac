using System.Net;
using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Messages;

/// <summary>A received MESSAGE as the host sees it, and what its answer means.</summary>
internal static class MessageRequests
{
    /// <summary>Makes what the host is told.</summary>
    public static MessageRequest Of(
        SipMessage request, IPEndPoint source, CallInfo? call, string? username, CallerAuthentication authentication, string? trunk) =>
            new()
    {
        Call = call,
        From = SipNumbers.Of(request.From.Uri),
        To = SipNumbers.Of(request.To.Uri),
        Username = username,
        Authentication = authentication,
        Trunk = trunk,
        Source = source,
        ContentType = request.TryGetHeader(SipHeaderId.ContentType, out var type) ? Encoding.UTF8.GetString(type) : "",
        // Bounded by the limit of a whole message.
        Body = request.Body.ToArray(),
        Headers = MessageHeaders.Copy(request),
    };

    /// <summary>The response (RFC 3428 §7).</summary>
    public static (int Status, string? Phrase) StatusOf(HookOutcome<MessageDecision> outcome) => outcome switch
    {
        { Status: HookStatus.Answered, Answer: MessageDecision.Acceptance { IsDelivered: true } } => (200, null),
        { Status: HookStatus.Answered, Answer: MessageDecision.Acceptance } => (202, null),
        { Status: HookStatus.Answered, Answer: MessageDecision.Refusal refusal } => (refusal.StatusCode, refusal.ReasonPhrase),
        { Status: HookStatus.TimedOut or HookStatus.Unavailable } => (503, null),
        _ => (500, null),
    };
}
