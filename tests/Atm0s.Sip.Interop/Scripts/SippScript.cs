using System.Globalization;
using System.Security;
using System.Text;

namespace Atm0s.Sip.Interop.Scripts;

/// <summary>
/// A scenario of sipp, written step by step: one call, made or taken by it. Every header field of a request or response that is the same in
/// all of them is put in here; a header with <c>[$name]</c> takes what was kept of an earlier message.
/// </summary>
internal sealed class SippScript
{
    private readonly StringBuilder _steps = new();
    private readonly HashSet<string> _variables = [];
    private readonly string? _callee;
    private int _index;
    private int _cseq;
    private int _inviteIndex;
    private int _inviteCSeq;
    private bool _isConfirmed;

    private SippScript(string user, string? callee) => (User, _callee) = (user, callee);

    /// <summary>Its name.</summary>
    public string User { get; }

    /// <summary>Whether it calls, and names whom on its command line as the next hop.</summary>
    public bool IsCaller => _callee is not null;

    /// <summary>How many proxies a call comes through: answers repeat every Via (RFC 3261 §8.2.6.2) and Record-Route (§12.1.1).</summary>
    private int Proxies { get; init; }

    private int Routes { get; init; }

    /// <summary>
    /// Host and port in its Via and Contact, for a phone behind a NAT that does not know its own address; null for the right one.
    /// </summary>
    public string? Contact { get; init; }

    private string Target => $"sip:{_callee}@[remote_ip]:[remote_port]";

    private string To => $"To: <sip:{_callee}@127.0.0.1>";

    private string Place => Contact ?? "[local_ip]:[local_port]";

    private string ContactHeader => $"Contact: <sip:{User}@{Place};transport=[transport]>";

    private string Local => IsCaller ? $"From: <sip:{User}@127.0.0.1>;tag=[pid]c[call_number]" : "From:[$to];tag=[pid]s[call_number]";

    /// <summary>Calls somebody at the next hop.</summary>
    public static SippScript Caller(string user, string callee, string? contact = null) => new(user, callee) { Contact = contact };

    /// <summary>Waits for a call.</summary>
    /// <param name="user">Its name.</param>
    /// <param name="proxies">How many proxies the call comes through.</param>
    /// <param name="routes">How many Record-Routes they leave, two of one that changes the transport (RFC 5658); null for one each.</param>
    public static SippScript Callee(string user, int proxies = 0, int? routes = null) =>
        new(user, null) { Proxies = proxies, Routes = routes ?? proxies };

    /// <summary>Sends the INVITE that makes the dialog.</summary>
    public SippScript Invite(SippBody? body, params string[] headers)
    {
        (_inviteIndex, _inviteCSeq) = (_index, ++_cseq);
        return Request($"INVITE {Target}", "[branch]", $"{_cseq} INVITE", To, body, headers);
    }

    /// <summary>Sends a request outside of any dialog.</summary>
    public SippScript SendOutside(string method, SippBody? body = null, params string[] headers) =>
        Request($"{method} {Target}", "[branch]", $"{++_cseq} {method}", To, body, headers);

    /// <summary>Sends a request inside the dialog.</summary>
    public SippScript Send(string method, SippBody? body = null, params string[] headers)
    {
        _cseq++;
        if (method == "INVITE")
            (_inviteIndex, _inviteCSeq) = (_index, _cseq);
        return Request($"{method} [next_url]", "[branch]", $"{_cseq} {method}", Remote(), body, ["[routes]", .. headers]);
    }

    /// <summary>Sends the ACK of a 2xx.</summary>
    public SippScript Ack(SippBody? body = null)
    {
        _isConfirmed = true;
        return Request("ACK [next_url]", "[branch]", $"{_inviteCSeq} ACK", Remote(), body, ["[routes]"], retransmit: false);
    }

    /// <summary>Sends the ACK of a refusal (RFC 3261 §17.1.1.3).</summary>
    public SippScript AckRefusal(bool insideDialog = false) => Request(
        insideDialog ? "ACK [next_url]" : $"ACK {Target}", Branch(), $"{_inviteCSeq} ACK",
        insideDialog || !IsCaller ? Remote() : "[last_To:]", null, insideDialog ? ["[routes]"] : [], retransmit: false);

    /// <summary>Takes the INVITE back.</summary>
    public SippScript Cancel(params string[] headers) =>
        Request($"CANCEL {Target}", Branch(), $"{_inviteCSeq} CANCEL", To, null, headers);

    /// <summary>
    /// Waits for a response; what <paramref name="keep"/> finds in a header, or without one in the whole message, is kept under a name, and
    /// must be there.
    /// </summary>
    public SippScript Expect(int status, bool optional = false, params (string Name, string Header, string Pattern)[] keep) =>
        Receive($"response=\"{status}\"{(optional ? " optional=\"true\"" : "")}{(_isConfirmed || optional ? "" : " rrs=\"true\"")}", keep);

    /// <summary>Waits for the INVITE that makes the dialog.</summary>
    public SippScript ExpectInvite(params (string Name, string Header, string Pattern)[] keep)
    {
        Assert.That(keep.Select(kept => kept.Name), Has.None.AnyOf("from", "to", "cseq"), "names of the script itself");
        List<(string, string, string)> all = [("from", "From:", ".*"), ("to", "To:", ".*"), ("cseq", "CSeq:", ".*"), .. keep];
        for (var i = 1; i <= Routes; i++)
            all.Add(($"rr{i}", "Record-Route:", ".*"));
        for (var i = 1; i <= Proxies + 1; i++)
            all.Add(($"via{i}", "Via:", ".*"));
        return Receive("request=\"INVITE\" rrs=\"true\"", [.. all]);
    }

    /// <summary>Waits for a challenge, so that <c>[authentication]</c> in a header is an answer to it.</summary>
    public SippScript ExpectChallenge() => Receive("response=\"401\" auth=\"true\"", []);

    /// <summary>Waits for a request.</summary>
    public SippScript ExpectRequest(string method, params (string Name, string Header, string Pattern)[] keep) =>
        Receive($"request=\"{method}\"", keep);

    /// <summary>Goes on only when the last request has the right answer to our challenge (RFC 7616 §3.4).</summary>
    public SippScript Verified(string user, string password)
    {
        // What was received is looked at once more; the step itself waits for nothing.
        var at = _steps.ToString().LastIndexOf("    </action>", StringComparison.Ordinal);
        _steps.Insert(at, $"      <verifyauth assign_to=\"valid\" username=\"{user}\" password=\"{password}\"/>\n");
        _steps.Append("  <nop hide=\"true\" test=\"valid\" next=\"verified\"/>\n");
        _steps.Append("  <nop><action><error message=\"wrong password\"/></action></nop>\n");
        _steps.Append("  <label id=\"verified\"/>\n");
        _variables.Add("valid");
        _index += 2;
        return this;
    }

    /// <summary>Waits; for what must not happen, or to let another go first.</summary>
    public SippScript Pause(int milliseconds)
    {
        _steps.Append(CultureInfo.InvariantCulture, $"  <pause milliseconds=\"{milliseconds}\"/>\n");
        _index++;
        return this;
    }

    /// <summary>Answers the INVITE that made the dialog, whatever came since.</summary>
    public SippScript Answer(int status, SippBody? body = null, params string[] headers) => Response(status,
        [
            .. Enumerable.Range(1, Proxies + 1).Select(i => $"Via:[$via{i}]"), "From:[$from]", $"To:[$to];tag=[pid]s[call_number]",
            "[last_Call-ID:]", "CSeq:[$cseq]", .. Enumerable.Range(1, Routes).Select(i => $"Record-Route:[$rr{i}]"), .. headers,
        ], body, retransmit: status >= 200);

    /// <summary>Waits for an INVITE inside the dialog, to be answered later with <see cref="AnswerReInvite"/>.</summary>
    public SippScript ExpectReInvite() => ExpectRequest("INVITE", ("revia", "Via:", ".*"), ("recseq", "CSeq:", ".*"));

    /// <summary>Answers the INVITE of <see cref="ExpectReInvite"/>, whatever came since.</summary>
    public SippScript AnswerReInvite(int status, SippBody? body = null)
    {
        string[] headers = ["Via:[$revia]", $"From:{Remote()[3..]}", $"To:{Local[5..]}", "[last_Call-ID:]", "CSeq:[$recseq]"];
        return Response(status, headers, body, retransmit: true);
    }

    /// <summary>Asks for a password for the last request inside the dialog.</summary>
    public SippScript Challenge(string nonce) =>
        Reply(401, null, $"WWW-Authenticate: Digest realm=\"pbx.test\", nonce=\"{nonce}\", qop=\"auth\"");

    /// <summary>Answers the last request inside the dialog.</summary>
    public SippScript Reply(int status = 200, SippBody? body = null, params string[] headers) =>
        Response(status, [.. "Via From To Call-ID CSeq".Split(' ').Select(name => $"[last_{name}:]"), .. headers], body, retransmit: false);

    /// <summary>Hangs up.</summary>
    public SippScript Bye() => Send("BYE").Expect(200);

    /// <summary>Is hung up on.</summary>
    public SippScript IsHungUp(params (string Name, string Header, string Pattern)[] keep) => ExpectRequest("BYE", keep).Reply();

    /// <inheritdoc/>
    public override string ToString()
    {
        var used = _variables.Count == 0 ? "" : $"  <Reference variables=\"{string.Join(',', _variables)}\"/>\n";
        return $"<?xml version=\"1.0\" encoding=\"ISO-8859-1\" ?>\n<scenario name=\"{User}\">\n{_steps}{used}</scenario>\n";
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private string Remote() => IsCaller ? $"To: <sip:{_callee}@127.0.0.1>[peer_tag_param]" : "To:[$from]";

    private string Branch() => $"[branch-{Text(_index - _inviteIndex)}]";

    private SippScript Request(
        string start, string branch, string cseq, string to, SippBody? body, IReadOnlyList<string> headers, bool retransmit = true) =>
        Message(
        $"{start} SIP/2.0",
        [
            $"Via: SIP/2.0/[transport] {Place};branch={branch};rport", "Max-Forwards: 70", Local, to, "Call-ID: [call_id]",
            $"CSeq: {cseq}", .. WithContact(headers),
        ], body, retransmit);

    private SippScript Response(int status, IReadOnlyList<string> headers, SippBody? body, bool retransmit) => Message(
        $"SIP/2.0 {status} As written",
        [.. WithContact(headers)], body, retransmit);

    private IEnumerable<string> WithContact(IReadOnlyList<string> headers) =>
        headers.Any(header => header.StartsWith("Contact:", StringComparison.Ordinal)) ? headers : headers.Append(ContactHeader);

    private SippScript Message(string start, IReadOnlyList<string> headers, SippBody? body, bool retransmit)
    {
        _steps.Append(CultureInfo.InvariantCulture, $"  <send{(retransmit ? " retrans=\"500\"" : "")}><![CDATA[\n{start}\n");
        foreach (var header in headers)
            _steps.Append(header).Append('\n');
        if (body is not null)
            _steps.Append(CultureInfo.InvariantCulture, $"Content-Type: {body.Type}\n");
        _steps.Append(CultureInfo.InvariantCulture, $"Content-Length: {(body is null ? "0" : "[len]")}\n\n{body?.Text}\n]]></send>\n");
        _index++;
        return this;
    }

    private SippScript Receive(string what, (string Name, string Header, string Pattern)[] keep)
    {
        _steps.Append(CultureInfo.InvariantCulture, $"  <recv {what}>\n");
        if (keep.Length > 0)
            _steps.Append("    <action>\n");
        foreach (var (name, header, pattern) in keep)
        {
            _variables.Add(name);
            var occurrence = char.IsAsciiDigit(name[^1]) ? name[^1] : '1';
            var where = header.Length == 0 ? "search_in=\"msg\"" : $"search_in=\"hdr\" header=\"{header}\" occurrence=\"{occurrence}\"";
            _steps.Append(CultureInfo.InvariantCulture, $"      <ereg regexp=\"{SecurityElement.Escape(pattern)}\" {where}");
            _steps.Append(CultureInfo.InvariantCulture, $" check_it=\"true\" assign_to=\"{name}\"/>\n");
        }

        if (keep.Length > 0)
            _steps.Append("    </action>\n");
        _steps.Append("  </recv>\n");
        _index++;
        return this;
    }
}
