using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Testing;

/// <summary>
/// A phone that does exactly what the test says, message by message, written as text. It retransmits nothing and answers nothing by itself.
/// </summary>
public sealed class ScriptedPhone : ISipTransportSink
{
    private readonly VirtualWorld _world;
    private readonly ISipTransport _transport;
    private int _cseq = 1;
    private int _branch;

    /// <summary>Puts a phone on a host.</summary>
    /// <param name="world">The world.</param>
    /// <param name="user">User name; the password is <c>pw-</c> + user.</param>
    /// <param name="host">Address, for example 10.0.2.1.</param>
    /// <param name="port">Port.</param>
    /// <param name="protocol">Transport.</param>
    public ScriptedPhone(
        VirtualWorld world, string user, string host, int port = 5060, SipTransportProtocol protocol = SipTransportProtocol.Udp)
    {
        _world = world;
        User = user;
        var listener = new SipListenerOptions { Protocol = protocol, EndPoint = new IPEndPoint(IPAddress.Parse(host), port) };
        _transport = world.Network.CreateTransport(listener);
        world.Complete(_transport.StartAsync(this, CancellationToken.None).AsTask());
    }

    /// <summary>User name.</summary>
    public string User { get; }

    /// <summary>Host and port.</summary>
    public string Address => _transport.LocalEndPoint.ToString();

    /// <summary>Host and port as an end point.</summary>
    public IPEndPoint EndPoint => _transport.LocalEndPoint;

    /// <summary>Everything received, oldest first.</summary>
    public List<SipText> Received { get; } = [];

    /// <summary>SDP with one PCMA stream at this phone.</summary>
    public string Sdp => $"v=0\r\no=- 1 1 IN IP4 {Host}\r\ns=-\r\nc=IN IP4 {Host}\r\nt=0 0\r\n"
        + "m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n";

    private string Protocol => _transport.Protocol.ToViaToken();

    private string Transport => _transport.Protocol.ToUriSuffix();

    private string Host => _transport.LocalEndPoint.Address.ToString();

    /// <summary>A branch never used before.</summary>
    public string NewBranch() => $"z9hG4bK-{User}-{++_branch}";

    /// <summary>Sends text as it is; line ends may be bare.</summary>
    public void Send(string message)
    {
        var bytes = Encoding.UTF8.GetBytes(message.ReplaceLineEndings("\r\n"));
        _transport.TryGetFlow(VirtualWorld.ServerEndPoint)!.TrySend(bytes);
    }

    /// <summary>Text of a request outside a dialog, ready to send.</summary>
    /// <param name="method">Method.</param>
    /// <param name="to">User part of To and of the Request-URI; null makes a request to the domain about ourselves (REGISTER).</param>
    /// <param name="callId">Call-ID.</param>
    /// <param name="body">SDP, or empty.</param>
    /// <param name="extra">More header lines, each with its line end.</param>
    /// <param name="branch">Branch; null takes a new one.</param>
    /// <param name="cseq">CSeq number; null takes the next.</param>
    public string Request(
        string method, string? to, string callId, string body = "", string extra = "", string? branch = null, int? cseq = null)
    {
        var uri = to is null ? "sip:test.local" : $"sip:{to}@test.local";
        return $"{method} {uri} SIP/2.0\r\n"
            + $"Via: SIP/2.0/{Protocol} {Address};branch={branch ?? NewBranch()};rport\r\n"
            + "Max-Forwards: 70\r\n"
            + $"From: <sip:{User}@test.local>;tag=from-{User}\r\n"
            + $"To: <sip:{to ?? User}@test.local>\r\n"
            + $"Call-ID: {callId}\r\n"
            + $"CSeq: {cseq ?? _cseq++} {method}\r\n"
            + extra
            + (body.Length > 0 ? "Content-Type: application/sdp\r\n" : "")
            + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";
    }

    /// <summary>Contact header line of this phone.</summary>
    public string Contact(string parameters = "") => $"Contact: <sip:{User}@{Address}{Transport}>{parameters}\r\n";

    /// <summary>Waits for a message.</summary>
    /// <param name="wanted">Which.</param>
    /// <param name="limit">Longest virtual time.</param>
    public SipText WaitFor(Func<SipText, bool> wanted, TimeSpan? limit = null)
    {
        _world.RunUntil(() => Received.Exists(m => wanted(m)), limit ?? TimeSpan.FromSeconds(40));
        return Received.First(wanted);
    }

    /// <summary>Waits for a response to a method.</summary>
    public SipText WaitForResponse(string method, int status, TimeSpan? limit = null) =>
        WaitFor(m => m.IsResponse && m.Method == method && m.Status == status, limit);

    /// <summary>Waits for a request.</summary>
    public SipText WaitForRequest(string method, TimeSpan? limit = null) => WaitFor(m => !m.IsResponse && m.Method == method, limit);

    /// <summary>Authorization header line that answers the challenge of a 401 with MD5 (RFC 2617 §3.2.2).</summary>
    public string Authorize(SipText challenge, string method, string uri, string? password = null)
    {
        var value = challenge.All("WWW-Authenticate").First(v => v.Contains("algorithm=MD5", StringComparison.Ordinal));
        var realm = SipText.Parameter(value, "realm");
        var nonce = SipText.Parameter(value, "nonce");
        var ha1 = Md5($"{User}:{realm}:{password ?? "pw-" + User}");
        var response = Md5($"{ha1}:{nonce}:00000001:abc:auth:{Md5($"{method}:{uri}")}");
        return $"Authorization: Digest username=\"{User}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{uri}\", response=\"{response}\", "
            + "algorithm=MD5, qop=auth, nc=00000001, cnonce=\"abc\"\r\n";
    }

    /// <summary>Registers with digest and gives the final response.</summary>
    public SipText Register(int expires = 600, string? password = null, string? contact = null, string callId = "register")
    {
        contact ??= Contact();
        var expiresLine = $"Expires: {expires}\r\n";
        Received.Clear();
        Send(Request("REGISTER", null, callId, extra: contact + expiresLine));
        var challenge = WaitForResponse("REGISTER", 401);
        Received.Clear();
        var authorization = Authorize(challenge, "REGISTER", "sip:test.local", password);
        Send(Request("REGISTER", null, callId, extra: contact + expiresLine + authorization));
        return WaitFor(m => m.IsResponse && m.Method == "REGISTER");
    }

    /// <summary>Sends an INVITE with credentials; what comes back is for the test to look at.</summary>
    /// <returns>The INVITE as sent.</returns>
    public SipText Invite(string to, string callId, string? sdp = null, string? password = null)
    {
        Send(Request("INVITE", to, callId, sdp ?? Sdp, Contact()));
        var challenge = WaitForResponse("INVITE", 401);
        Received.Remove(challenge);
        var authorization = Authorize(challenge, "INVITE", $"sip:{to}@test.local", password);
        var invite = Request("INVITE", to, callId, sdp ?? Sdp, Contact() + authorization);
        Send(invite);
        return new SipText(invite);
    }

    /// <summary>The ACK of a final response to our INVITE.</summary>
    public void Ack(SipText invite, SipText response)
    {
        var cseq = invite["CSeq"].Split(' ')[0];
        var isSuccess = response.Status < 300;
        var branch = isSuccess ? NewBranch() : SipText.Parameter(invite["Via"], "branch");
        var uri = isSuccess ? response.ContactUri : invite.StartLine.Split(' ')[1];
        Send(
            $"ACK {uri} SIP/2.0\r\nVia: SIP/2.0/{Protocol} {Address};branch={branch};rport\r\nMax-Forwards: 70\r\n"
            + $"From: {invite["From"]}\r\nTo: {response["To"]}\r\nCall-ID: {invite["Call-ID"]}\r\n"
            + $"CSeq: {cseq} ACK\r\nContent-Length: 0\r\n\r\n");
    }

    /// <summary>The CANCEL of our INVITE (RFC 3261 §9.1).</summary>
    public void Cancel(SipText invite) =>
        Send(
            $"CANCEL {invite.StartLine.Split(' ')[1]} SIP/2.0\r\nVia: {invite["Via"]}\r\nMax-Forwards: 70\r\n"
            + $"From: {invite["From"]}\r\nTo: {invite["To"]}\r\nCall-ID: {invite["Call-ID"]}\r\n"
            + $"CSeq: {invite["CSeq"].Split(' ')[0]} CANCEL\r\nContent-Length: 0\r\n\r\n");

    /// <summary>A request inside the dialog that our INVITE and its 200 made.</summary>
    public SipText InDialog(
        string method, SipText invite, SipText ok, string body = "", int? cseq = null, string extra = "",
            string contentType = "application/sdp")
    {
        var text = $"{method} {ok.ContactUri} SIP/2.0\r\n"
            + $"Via: SIP/2.0/{Protocol} {Address};branch={NewBranch()};rport\r\nMax-Forwards: 70\r\n"
            + $"From: {invite["From"]}\r\nTo: {ok["To"]}\r\nCall-ID: {invite["Call-ID"]}\r\nCSeq: {cseq ?? _cseq++} "
                + $"{method}\r\n{Contact()}{extra}"
            + (body.Length > 0 ? $"Content-Type: {contentType}\r\n" : "")
            + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";
        Send(text);
        return new SipText(text);
    }

    /// <summary>Answers a received request.</summary>
    public void Respond(SipText request, int status, string reason, string body = "", string tag = "answer", string extra = "")
    {
        var to = request["To"].Contains(";tag=", StringComparison.Ordinal) || status == 100 ? request["To"] : $"{request["To"]};tag={tag}";
        Send(
            $"SIP/2.0 {status.ToString(CultureInfo.InvariantCulture)} {reason}\r\n"
            + string.Concat(request.All("Via").Select(v => $"Via: {v}\r\n"))
            + string.Concat(request.All("Record-Route").Select(v => $"Record-Route: {v}\r\n"))
            + $"From: {request["From"]}\r\nTo: {to}\r\nCall-ID: {request["Call-ID"]}\r\nCSeq: {request["CSeq"]}\r\n{Contact()}{extra}"
            + (body.Length > 0 ? "Content-Type: application/sdp\r\n" : "")
            + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
    }

    void ISipTransportSink.OnMessage(SipFlow flow, SipMessage message)
    {
        Received.Add(new SipText(Encoding.UTF8.GetString(message.Raw)));
        message.Dispose();
    }

    void ISipTransportSink.OnRefused(SipRefusal refusal, int bytes) =>
        throw new InvalidOperationException($"The server sent something that can't be read: {refusal}.");

    void ISipTransportSink.OnFlowClosed(SipFlow flow)
    {
    }

#pragma warning disable CA5351 // MD5 is what the protocol says.
    private static string Md5(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
}
