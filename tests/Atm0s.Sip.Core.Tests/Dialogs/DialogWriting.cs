using Atm0s.Sip.Core.Dialogs;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Requests;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Core.Tests.Dialogs;

/// <summary>Whole requests out of a dialog.</summary>
internal static class DialogWriting
{
    internal static SipVia Via { get; } = new("UDP", "pc.atlanta.example:5060", "z9hG4bKd1");

    internal static byte[] Write(this SipDialog dialog, SipMethod method)
    {
        using var buffer = new PooledBufferWriter();
        var writer = new SipWriter(buffer);
        dialog.BeginRequest(ref writer, method, Via);
        writer.End();
        return buffer.WrittenSpan.ToArray();
    }

    internal static byte[] WriteAck(this SipDialog dialog, uint cseq)
    {
        using var buffer = new PooledBufferWriter();
        var writer = new SipWriter(buffer);
        dialog.BeginAck(ref writer, cseq, Via);
        writer.End();
        return buffer.WrittenSpan.ToArray();
    }

    internal static RequestBuilder Invite(uint cseq = 1) => new()
    {
        Method = SipMethod.Invite,
        RequestUri = "sip:bob@biloxi.example",
        From = "sip:alice@atlanta.example",
        FromTag = "f1",
        To = "sip:bob@biloxi.example",
        CallId = "c1",
        CSeq = cseq,
        Contact = "sip:alice@pc.atlanta.example",
    };
}
