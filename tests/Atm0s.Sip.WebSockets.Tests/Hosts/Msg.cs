using System.Text.RegularExpressions;

namespace Atm0s.Sip.WebSockets.Tests.Hosts;

/// <summary>Messages as a browser's library writes them.</summary>
internal static partial class Msg
{
    public static string Options(string branch = "o1") => $"""
        OPTIONS sip:sip.test SIP/2.0
        Via: SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bK{branch}
        Max-Forwards: 70
        From: <sip:alice@sip.test>;tag=1
        To: <sip:sip.test>
        Call-ID: options-{branch}
        CSeq: 1 OPTIONS


        """.ReplaceLineEndings("\r\n");

    public static string Register(
        string user, int cseq = 1, int expires = 600, string contact = ";transport=ws", string tail = "", string host = "df7jal23ls0d.invalid") => $"""
        REGISTER sip:sip.test SIP/2.0
        Via: SIP/2.0/WS {host};branch=z9hG4bKr{user}{cseq}
        Max-Forwards: 69
        From: <sip:{user}@sip.test>;tag=65bnmj
        To: <sip:{user}@sip.test>
        Call-ID: reg-{user}
        CSeq: {cseq} REGISTER
        Supported: path, outbound, gruu
        Contact: <sip:{user}@{host}{contact}>;reg-id=1;+sip.instance="<urn:uuid:f81-7dec-{user}>";expires={expires}
        {tail}

        """.ReplaceLineEndings("\r\n").Replace("\r\n\r\n\r\n", "\r\n\r\n", StringComparison.Ordinal);

    public static string Invite(string user, string room, int port, string callId = "call-1") => WithBody($"""
        INVITE sip:{room}@sip.test SIP/2.0
        Via: SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bKi{callId}
        Max-Forwards: 69
        From: <sip:{user}@sip.test>;tag=caller
        To: <sip:{room}@sip.test>
        Call-ID: {callId}
        CSeq: 1 INVITE
        Contact: <sip:{user}@df7jal23ls0d.invalid;transport=ws;ob>
        Content-Type: application/sdp
        """, Sdp(port));

    public static string Ack(string user, string room, string ok, string callId = "call-1") => $"""
        ACK {Contact().Match(ok).Groups[1].Value} SIP/2.0
        Via: SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bKa{callId}
        Max-Forwards: 69
        From: <sip:{user}@sip.test>;tag=caller
        To: <sip:{room}@sip.test>;tag={ToTag().Match(ok).Groups[1].Value}
        Call-ID: {callId}
        CSeq: 1 ACK


        """.ReplaceLineEndings("\r\n");

    /// <summary>The answer to a request: the same fields that every response copies.</summary>
    public static string Answer(string request, string status, string toTag = "mine", string more = "", string body = "")
    {
        var copied = string.Concat(request.Split("\r\n")
            .Where(line => Copied().IsMatch(line))
            .Select(line => line.StartsWith("To:", StringComparison.OrdinalIgnoreCase) && !line.Contains("tag=", StringComparison.Ordinal)
                ? $"{line};tag={toTag}\r\n" : $"{line}\r\n"));
        return $"SIP/2.0 {status}\r\n{copied}{more}\r\n{body}";
    }

    public static string Sdp(int port) => $"""
        v=0
        o=- 1 1 IN IP4 127.0.0.1
        s=-
        c=IN IP4 127.0.0.1
        t=0 0
        m=audio {port} RTP/AVP 0
        a=rtpmap:0 PCMU/8000

        """.ReplaceLineEndings("\r\n");

    private static string WithBody(string head, string body) => head.ReplaceLineEndings("\r\n") + "\r\n\r\n" + body;

    [GeneratedRegex("^Contact: <([^>]*)>", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Contact();

    [GeneratedRegex("^To:.*tag=([^;\r]*)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex ToTag();

    [GeneratedRegex("^(Via|From|To|Call-ID|CSeq|Record-Route):", RegexOptions.IgnoreCase)]
    private static partial Regex Copied();
}
