using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Hooks.Http.Tests.Flows;

/// <summary>A phone that is a UDP socket and a script: every message that goes or comes is a line of the story.</summary>
internal sealed class RawPhone : IDisposable
{
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly IPEndPoint _server;
    private readonly Story _story;
    private readonly string _user;
    private int _branch;

    public RawPhone(string user, IPEndPoint server, Story story) => (_user, _server, _story) = (user, server, story);

    private string Address => _socket.Client.LocalEndPoint!.ToString()!;

    private string Sdp =>
        $"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio "
        + $"{((IPEndPoint)_socket.Client.LocalEndPoint!).Port} RTP/AVP 8\r\n";

    /// <summary>Sends a request; the first has no credentials.</summary>
    public string Send(string method, string to, int cseq, string authorization = "")
    {
        var isInvite = method == "INVITE";
        var uri = method == "REGISTER" ? "sip:test.local" : $"sip:{to}@test.local";
        var body = isInvite ? Sdp : "";
        _story.Add($"{_user}: {method}{(authorization.Length > 0 ? " with credentials" : "")}");
        var text = $"{method} {uri} SIP/2.0\r\nVia: SIP/2.0/UDP {Address};rport;branch=z9hG4bK-{_user}-{++_branch}\r\nMax-Forwards: 70\r\n"
            + $"From: <sip:{_user}@test.local>;tag={_user}1\r\nTo: <sip:{to}@test.local>\r\nCall-ID: {method}-{_user}\r\nCSeq: {cseq} "
                + $"{method}\r\n"
            + $"Contact: <sip:{_user}@{Address}>\r\n{(method == "REGISTER" ? "Expires: 600\r\n" : "")}{authorization}{(isInvite ? "Content-Type: application/sdp\r\n" : "")}"
            + $"Content-Length: {body.Length}\r\n\r\n{body}";
        Send(text);
        return text;
    }

    /// <summary>The request again, with the answer to its challenge.</summary>
    public string SendAuthorized(string method, string to, string password, SipText challenge)
    {
        var uri = method == "REGISTER" ? "sip:test.local" : $"sip:{to}@test.local";
        var value = challenge["WWW-Authenticate"];
        var (realm, nonce) = (SipText.Parameter(value, "realm"), SipText.Parameter(value, "nonce"));
        var response = Md5($"{Md5($"{_user}:{realm}:{password}")}:{nonce}:00000001:abc:auth:{Md5($"{method}:{uri}")}");
        return Send(
            method, to, 2,
                $"Authorization: Digest username=\"{_user}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", "
                + $"response=\"{response}\", algorithm=MD5, qop=auth, nc=00000001, cnonce=\"abc\"\r\n");
    }

    /// <summary>Sends a message as it is, for example once more.</summary>
    public void Repeat(string message) => Send(message);

    /// <summary>Acknowledges a 200 to an INVITE (RFC 3261 §13.2.2.4).</summary>
    public void Acknowledge(SipText response)
    {
        _story.Add($"{_user}: ACK");
        Send(
            $"ACK {response.ContactUri} SIP/2.0\r\nVia: SIP/2.0/UDP {Address};rport;branch=z9hG4bK-{_user}-{++_branch}\r\n"
            + $"Max-Forwards: 70\r\nFrom: {response["From"]}\r\nTo: {response["To"]}\r\nCall-ID: {response["Call-ID"]}\r\n"
            + $"CSeq: {response["CSeq"].Split(' ')[0]} ACK\r\nContent-Length: 0\r\n\r\n");
    }

    /// <summary>Answers a request.</summary>
    public void Respond(SipText request, int status, string reason)
    {
        var body = status == 200 && request.Method == "INVITE" ? Sdp : "";
        _story.Add($"{_user}: {status}");
        Send(
            $"SIP/2.0 {status} {reason}\r\n{string.Concat(request.All("Via").Select(v => $"Via: {v}\r\n"))}From: "
                + $"{request["From"]}\r\nTo: "
                + $"{request["To"]}{(request["To"].Contains("tag=", StringComparison.Ordinal) ? "" : ";tag=callee")}\r\n"
            + $"Call-ID: {request["Call-ID"]}\r\nCSeq: {request["CSeq"]}\r\nContact: "
                + $"<sip:{_user}@{Address}>\r\n{(body.Length > 0 ? "Content-Type: application/sdp\r\n" : "")}Content-Length: "
                + $"{body.Length}\r\n\r\n{body}");
    }

    /// <summary>The next message that is of this kind; 100 and repetitions are passed over.</summary>
    public async Task<SipText> ReceiveAsync(Func<SipText, bool> wanted, TimeSpan? within = null)
    {
        using var limit = new CancellationTokenSource(within ?? TimeSpan.FromSeconds(5));
        while (true)
        {
            var message = new SipText(Encoding.UTF8.GetString((await _socket.ReceiveAsync(limit.Token)).Buffer));
            if (!message.StartLine.Contains("SIP/2.0", StringComparison.Ordinal) || message.Status == 100 || !wanted(message))
                continue;
            _story.Add(
                $"{_user} gets {(message.IsResponse ? message.Status.ToString(System.Globalization.CultureInfo.InvariantCulture) : message.Method)}");
            return message;
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Send(string text) => _socket.Send(Encoding.UTF8.GetBytes(text), _server);

#pragma warning disable CA5351 // MD5 is what the protocol says.
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
}
