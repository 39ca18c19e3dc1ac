using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Core.Tests.Transactions;

/// <summary>Messages for tests of transactions and dialogs. Every parameter is one header field; null leaves the field out.</summary>
internal static class Msg
{
    internal const string Branch = "z9hG4bKa1";

    internal static byte[] Bytes(
        string method,
        string branch = Branch,
        string uri = "sip:bob@biloxi.example",
        string? via = null,
        string? fromTag = "f1",
        string? toTag = null,
        string callId = "c1",
        uint cseq = 1,
        string extra = "",
        string? cseqMethod = null,
        string body = "")
    {
        via ??= $"SIP/2.0/UDP pc.atlanta.example:5060;branch={branch}";
        var from = fromTag is null ? string.Empty : $";tag={fromTag}";
        var to = toTag is null ? string.Empty : $";tag={toTag}";
        if (extra.Length > 0)
            extra = extra.ReplaceLineEndings("\r\n") + "\r\n";
        return Encoding.UTF8.GetBytes(
            $"{method} {uri} SIP/2.0\r\nVia: {via}\r\nMax-Forwards: 70\r\nFrom: <sip:alice@atlanta.example>{from}\r\n"
            + $"To: <sip:bob@biloxi.example>{to}\r\nCall-ID: {callId}\r\nCSeq: {cseq} {cseqMethod ?? method}\r\n{extra}"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
    }

    internal static SipMessage Request(
        string method,
        string branch = Branch,
        string uri = "sip:bob@biloxi.example",
        string? via = null,
        string? fromTag = "f1",
        string? toTag = null,
        string callId = "c1",
        uint cseq = 1,
        string extra = "",
        string body = "") =>
        Parse(Bytes(method, branch, uri, via, fromTag, toTag, callId, cseq, extra, null, body));

    internal static byte[] ResponseBytes(
        int status, string method = "INVITE", string? toTag = "t1", string branch = Branch, string extra = "", uint cseq = 1)
    {
        var to = toTag is null ? string.Empty : $";tag={toTag}";
        if (extra.Length > 0)
            extra = extra.ReplaceLineEndings("\r\n") + "\r\n";
        return Encoding.UTF8.GetBytes(
            $"SIP/2.0 {status} Reason\r\nVia: SIP/2.0/UDP pc.atlanta.example:5060;branch={branch}\r\nFrom: "
                + $"<sip:alice@atlanta.example>;tag=f1\r\n"
            + $"To: <sip:bob@biloxi.example>{to}\r\nCall-ID: c1\r\nCSeq: {cseq} {method}\r\n{extra}Content-Length: 0\r\n\r\n");
    }

    internal static SipMessage Response(
        int status, string method = "INVITE", string? toTag = "t1", string branch = Branch, string extra = "", uint cseq = 1) =>
        Parse(ResponseBytes(status, method, toTag, branch, extra, cseq));

    internal static byte[] Answer(SipMessage request, int status, string toTag = "t1") =>
        SipResponseWriter.Create(request, status, null, toTag);

    internal static SipMessage Parse(ReadOnlySpan<byte> bytes)
    {
        var parsed = SipParser.TryParse(bytes, SipLimits.Default, isStream: false, out var message, out var refusal);
        Assert.That(parsed && refusal == SipRefusal.None, Is.True, $"{refusal}: {Encoding.UTF8.GetString(bytes)}");
        return message!;
    }

    internal static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    internal static string StartLine(ReadOnlySpan<byte> bytes) => Text(bytes[..bytes.IndexOf((byte)'\r')]);

    /// <summary>All lines of one header field, in order.</summary>
    internal static string[] Lines(ReadOnlySpan<byte> bytes, string name) =>
        [.. Text(bytes).Split("\r\n").Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
            .Select(line => line[(name.Length + 1)..].Trim())];
}
