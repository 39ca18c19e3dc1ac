using Atm0s.Sip.Server;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Calls;

/// <summary>Responses of a call leg.</summary>
internal static class LegResponses
{
    /// <summary>A response with our tag, and our Contact where it makes or refreshes a dialog (RFC 3261 §12.1.1).</summary>
    public static byte[] Create(
        CallServices services,
        SipFlow flow,
        SipMessage request,
        int status,
        string? reason,
        string localTag,
        string user,
        ReadOnlySpan<byte> sdp,
        int? retryAfter,
        IReadOnlyList<KeyValuePair<string, string>>? headers) =>
        ServerResponses.Create(
            services.Stack,
            request,
            status,
            reason,
            localTag,
            contact: status is > 100 and < 300 && request.Method == SipMethod.Invite ? flow.ContactFor(user) : null,
            retryAfter: retryAfter ?? (status == 503 ? 5 : null),
            extra: headers,
            sdp: sdp);

    /// <summary>Sends the caller elsewhere (RFC 3261 §21.3).</summary>
    public static byte[] CreateRedirect(CallServices services, SipMessage request, int status, string localTag, string contacts) =>
        ServerResponses.Create(services.Stack, request, status, toTag: localTag, headers: [(SipHeaderId.Contact, contacts)]);

    /// <summary>
    /// A refusal of an INVITE, with challenges when it is a 401, with a warning when a description was not acceptable (RFC 3261 §13.3.1.3).
    /// </summary>
    public static byte[] CreateRefusal(
        CallServices services,
        SipMessage request,
        int status,
        string? phrase,
        string localTag,
        IReadOnlyList<string>? challenges = null,
        string? warning = null) =>
        ServerResponses.Create(
            services.Stack,
            request,
            status,
            phrase,
            localTag,
            retryAfter: status == 503 ? 5 : null,
            headers: warning is null ? challenges?.Select(c => (SipHeaderId.WwwAuthenticate, c)) : [(SipHeaderId.Warning, warning)]);
}
