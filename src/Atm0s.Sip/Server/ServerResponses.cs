using System.Globalization;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Server;

/// <summary>Responses of the server: the fields every one of them has, and those that a status code calls for.</summary>
internal static class ServerResponses
{
    /// <summary>Makes a response.</summary>
    /// <param name="stack">Says who we are.</param>
    /// <param name="request">The request.</param>
    /// <param name="status">Status code.</param>
    /// <param name="reason">Reason phrase, or null for the standard one.</param>
    /// <param name="toTag">Our tag; null takes the one of an answer that keeps nothing, which each copy of the request gets too (RFC 3261
    /// §8.2.7).</param>
    /// <param name="contact">Contact URI for a response that makes or refreshes a dialog.</param>
    /// <param name="retryAfter">Seconds (RFC 3261 §20.33).</param>
    /// <param name="headers">More fields.</param>
    /// <param name="extra">Fields of the host.</param>
    /// <param name="sdp">Body.</param>
    public static byte[] Create(
        SipStack stack,
        SipMessage request,
        int status,
        string? reason = null,
        string? toTag = null,
        string? contact = null,
        int? retryAfter = null,
        IEnumerable<(SipHeaderId Id, string Value)>? headers = null,
        IReadOnlyList<KeyValuePair<string, string>>? extra = null,
        ReadOnlySpan<byte> sdp = default)
    {
        using var buffer = new PooledBufferWriter();
        var writer = new SipWriter(buffer);
        SipResponseWriter.Begin(writer, request, status, reason, toTag ?? stack.StatelessTag(request));
        if (contact is not null)
            writer.Header(SipHeaderId.Contact, $"<{contact}>");
        if (retryAfter is { } seconds)
            writer.Header(SipHeaderId.RetryAfter, seconds.ToString(CultureInfo.InvariantCulture));
        foreach (var (id, value) in headers ?? [])
            writer.Header(id, value);
        foreach (var (name, value) in extra ?? [])
            writer.Header(name, value);
        // RFC 3261 §13.2.1, §13.3.1.4, §21.4.6: what we understand belongs into OPTIONS and INVITE answers, and into every 405.
        if (status is 405 or 501 || (status is >= 200 and < 300 && request.Method is SipMethod.Invite or SipMethod.Options))
        {
            writer.Header(SipHeaderId.Allow, stack.Capabilities.Allow.Span);
            if (status < 300)
            {
                writer.Header(SipHeaderId.Accept, stack.Capabilities.Accept.Span);
                writer.Header(SipHeaderId.Supported, stack.Capabilities.Supported.Span);
            }
        }

        // RFC 3261 §21.4.13
        if (status == 415 && request.Method == SipMethod.Invite)
            writer.Header(SipHeaderId.Accept, stack.Capabilities.Accept.Span);
        if (stack.Options.Product is { } product)
            writer.Header(SipHeaderId.Server, product);
        if (sdp.IsEmpty)
            writer.End();
        else
            writer.Body("application/sdp"u8, sdp);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Makes a 401 with one challenge for each algorithm (RFC 3261 §22.2, RFC 8760 §2.4). Nothing more: what an unknown source hears is to
    /// be short.
    /// </summary>
    public static byte[] CreateChallenge(SipStack stack, SipMessage request, IReadOnlyList<string> challenges)
    {
        using var buffer = new PooledBufferWriter();
        var writer = new SipWriter(buffer);
        SipResponseWriter.Begin(writer, request, 401, null, stack.StatelessTag(request));
        foreach (var challenge in challenges)
            writer.Header(SipHeaderId.WwwAuthenticate, challenge);
        writer.End();
        return buffer.WrittenSpan.ToArray();
    }
}
