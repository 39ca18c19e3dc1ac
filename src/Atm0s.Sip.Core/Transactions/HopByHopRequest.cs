using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Requests;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>What ACK (RFC 3261 §17.1.1.3) and CANCEL (§9.1) take over from the INVITE they belong to.</summary>
internal static class HopByHopRequest
{
    internal static byte[] Write(SipMessage invite, SipMethod method, ReadOnlySpan<byte> to, string? reason = null)
    {
        using var buffer = PooledBufferWriter.Rent();
        var writer = new SipWriter(buffer);
        writer.RequestLine(method, invite.RequestUri);
        // A single Via, equal to the top one of the INVITE: same branch, so stateless proxies route it the same way.
        foreach (var via in invite.GetValues(SipHeaderId.Via))
        {
            writer.Header(SipHeaderId.Via, via);
            break;
        }

        // Route header fields of the INVITE must appear in both.
        writer.CopyHeaders(invite, SipHeaderId.Route);
        writer.Header(SipHeaderId.MaxForwards, 70u);
        if (invite.TryGetHeader(SipHeaderId.From, out var from))
            writer.Header(SipHeaderId.From, from);
        writer.Header(SipHeaderId.To, to);
        writer.Header(SipHeaderId.CallId, invite.CallId);
        CSeqHeader.Write(ref writer, invite.CSeqNumber, method);
        if (method == SipMethod.Ack)
        {
            // RFC 3261 §22.1: an ACK repeats the credentials of its INVITE.
            writer.CopyHeaders(invite, SipHeaderId.Authorization);
            writer.CopyHeaders(invite, SipHeaderId.ProxyAuthorization);
        }

        if (reason is not null)
            writer.Header(SipHeaderId.Reason, reason);
        writer.End();
        return buffer.WrittenSpan.ToArray();
    }
}
