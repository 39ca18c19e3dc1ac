using System.Text;
using Atm0s.Sip.TestKit.Phones;

namespace Atm0s.Sip.Tests.Calls;

/// <summary>Requests inside a dialog that <see cref="ScriptedPhone"/> has no words for.</summary>
internal static class DialogText
{
    /// <summary>A request inside the dialog of an INVITE and its 200.</summary>
    public static string Of(
        ScriptedPhone phone, SipText invite, SipText ok, string method, int cseq, string type, string body, string extra = "") =>
        $"{method} {ok.ContactUri} SIP/2.0\r\n"
        + $"Via: SIP/2.0/UDP {phone.Address};branch={phone.NewBranch()};rport\r\n"
        + "Max-Forwards: 70\r\n"
        + $"From: {invite["From"]}\r\n"
        + $"To: {ok["To"]}\r\n"
        + $"Call-ID: {invite["Call-ID"]}\r\n"
        + $"CSeq: {cseq} {method}\r\n"
        + extra
        + (type.Length > 0 ? $"Content-Type: {type}\r\n" : "")
        + $"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    /// <summary>The ACK of a 200 with an offer: with an answer, or without when it is empty.</summary>
    public static void AckWith(this ScriptedPhone phone, SipText invite, SipText ok, string sdp) =>
        phone.Send(Of(phone, invite, ok, "ACK", int.Parse(invite["CSeq"].Split(' ')[0]), sdp.Length > 0 ? "application/sdp" : "", sdp));
}
