using System.Globalization;
using System.Text;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls;

/// <summary>A dialog as a scripted phone has it, whichever side made it: its requests, written by hand.</summary>
/// <param name="phone">The phone.</param>
/// <param name="callId">Call-ID.</param>
/// <param name="local">The phone's side, with its tag.</param>
/// <param name="remote">The server's side, with its tag.</param>
/// <param name="target">The server's Contact.</param>
internal sealed class PhoneDialog(ScriptedPhone phone, string callId, string local, string remote, string target)
{
    private readonly string _transport = phone.Contact().Contains("tcp", StringComparison.Ordinal) ? "TCP" : "UDP";
    private int _cseq = 1000;

    public ScriptedPhone Phone => phone;

    public string CallId => callId;

    /// <summary>The server's Contact.</summary>
    public string Target => target;

    /// <summary>The dialog that our INVITE and a response to it make.</summary>
    public static PhoneDialog OfCaller(ScriptedPhone phone, SipText invite, SipText response) =>
        new(phone, invite["Call-ID"], invite["From"], response["To"], response.ContactUri);

    /// <summary>The dialog that a received INVITE and our response with a tag make.</summary>
    public static PhoneDialog OfCalled(ScriptedPhone phone, SipText invite, string tag = "answer") =>
        new(phone, invite["Call-ID"], $"{invite["To"]};tag={tag}", invite["From"], invite.ContactUri);

    /// <summary>A request within it, sent.</summary>
    public SipText Send(
        string method, string body = "", string extra = "", int? cseq = null, string type = "application/sdp", string? contact = null)
    {
        var text = Write(method, body, extra + (contact ?? phone.Contact()), cseq ?? _cseq++, phone.NewBranch(), type);
        phone.Send(text);
        return new SipText(text);
    }

    /// <summary>The final response to a request.</summary>
    public SipText Final(SipText request, TimeSpan? limit = null) =>
        phone.WaitFor(m => m.IsResponse && m["CSeq"] == request["CSeq"] && m["Call-ID"] == callId && m.Status >= 200, limit);

    /// <summary>Sends a request and gives its final response; that of an INVITE is acknowledged.</summary>
    public SipText Ask(string method, string body = "", string extra = "")
    {
        var request = Send(method, body, extra);
        var final = Final(request);
        if (method == "INVITE")
            Ack(request, final);
        return final;
    }

    /// <summary>The ACK of a final response to an INVITE within it, or to the one that made it.</summary>
    public void Ack(SipText invite, SipText final, string body = "")
    {
        var branch = final.Status < 300 ? phone.NewBranch() : SipText.Parameter(invite["Via"], "branch");
        var cseq = int.Parse(invite["CSeq"].Split(' ')[0], CultureInfo.InvariantCulture);
        phone.Send(Write("ACK", body, "", cseq, branch, "application/sdp"));
    }

    /// <summary>The PRACK of a reliable response to our INVITE.</summary>
    public SipText Prack(SipText response, string body = "") => Send("PRACK", body, $"RAck: {response["RSeq"]} {response["CSeq"]}\r\n");

    private string Write(string method, string body, string extra, int cseq, string branch, string type) =>
        $"{method} {target} SIP/2.0\r\n"
        + $"Via: SIP/2.0/{_transport} {phone.Address};branch={branch};rport\r\nMax-Forwards: 70\r\n"
        + $"From: {local}\r\nTo: {remote}\r\nCall-ID: {callId}\r\n"
        + $"CSeq: {cseq.ToString(CultureInfo.InvariantCulture)} {method}\r\n{extra}"
        + (body.Length > 0 ? $"Content-Type: {type}\r\n" : "")
        + $"Content-Length: {Encoding.UTF8.GetByteCount(body).ToString(CultureInfo.InvariantCulture)}\r\n\r\n{body}";
}
