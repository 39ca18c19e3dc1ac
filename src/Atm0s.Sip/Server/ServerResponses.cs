using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Runtime;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Transport;

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
    /// <param name="challenges">Challenges of a 401, or null.</param>
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
        ReadOnlySpan<byte> sdp = default,
        DigestChallenges? challenges = null)
    {
        using var buffer = PooledBufferWriter.Rent();
        Write(buffer, stack, request, status, reason, toTag, contact, retryAfter, headers, extra, sdp, challenges);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes a response that <see cref="Create"/> would make, with the same parameters, into a buffer.</summary>
    public static void Write(
        PooledBufferWriter buffer,
        SipStack stack,
        SipMessage request,
        int status,
        string? reason = null,
        string? toTag = null,
        string? contact = null,
        int? retryAfter = null,
        IEnumerable<(SipHeaderId Id, string Value)>? headers = null,
        IReadOnlyList<KeyValuePair<string, string>>? extra = null,
        ReadOnlySpan<byte> sdp = default,
        DigestChallenges? challenges = null)
    {
        var writer = new SipWriter(buffer);
        Begin(writer, stack, request, status, reason, toTag);
        if (contact is not null)
        {
            writer.BeginHeader(SipHeaderId.Contact);
            writer.Value("<"u8);
            writer.Value(contact);
            writer.Value(">"u8);
            writer.EndHeader();
        }

        if (retryAfter is { } seconds)
            writer.Header(SipHeaderId.RetryAfter, (uint)seconds);
        if (headers is not null)
        {
            foreach (var (id, value) in headers)
                writer.Header(id, value);
        }

        foreach (var (name, value) in extra ?? [])
            writer.Header(name, value);
        challenges?.WriteTo(writer);
        End(writer, stack, request, status, sdp);
    }

    /// <summary>
    /// Writes a 401 with one challenge for each algorithm (RFC 3261 §22.2, RFC 8760 §2.4). Nothing more: what an unknown source hears is to
    /// be short.
    /// </summary>
    public static void WriteChallenge(PooledBufferWriter buffer, SipStack stack, SipMessage request, in DigestChallenges challenges)
    {
        var writer = new SipWriter(buffer);
        stack.StatelessTags.Begin(writer, request, 401, null);
        challenges.WriteTo(writer);
        writer.End();
    }

    /// <summary>Answers without a transaction, and without a byte that has to be collected (RFC 3261 §8.2.7).</summary>
    /// <param name="stack">Says who we are.</param>
    /// <param name="flow">Where the request came from.</param>
    /// <param name="request">The request.</param>
    /// <param name="status">Status code.</param>
    /// <param name="reason">Reason phrase, or null for the standard one.</param>
    /// <param name="retryAfter">Seconds (RFC 3261 §20.33).</param>
    public static void Send(
        SipStack stack, SipFlow flow, SipMessage request, int status, string? reason = null, int? retryAfter = null)
    {
        using var buffer = PooledBufferWriter.Rent();
        var writer = new SipWriter(buffer);
        Begin(writer, stack, request, status, reason, null);
        if (retryAfter is { } seconds)
            writer.Header(SipHeaderId.RetryAfter, (uint)seconds);
        End(writer, stack, request, status, default);
        SipShard.RespondStateless(flow, request, buffer.WrittenSpan);
    }

    /// <summary>
    /// Challenges as <see cref="WriteChallenge"/> does, without a transaction, and without a byte that has to be collected.
    /// </summary>
    public static void SendChallenge(SipStack stack, SipFlow flow, SipMessage request, in DigestChallenges challenges)
    {
        using var buffer = PooledBufferWriter.Rent();
        WriteChallenge(buffer, stack, request, challenges);
        SipShard.RespondStateless(flow, request, buffer.WrittenSpan);
    }

    private static void Begin(in SipWriter writer, SipStack stack, SipMessage request, int status, string? reason, string? toTag)
    {
        if (toTag is null)
            stack.StatelessTags.Begin(writer, request, status, reason);
        else
            SipResponseWriter.Begin(writer, request, status, reason, toTag);
    }

    private static void End(in SipWriter writer, SipStack stack, SipMessage request, int status, ReadOnlySpan<byte> sdp)
    {
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
    }
}
