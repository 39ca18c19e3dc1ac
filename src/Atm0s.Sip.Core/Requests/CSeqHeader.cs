using System.Buffers.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Serialization;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Core.Requests;

/// <summary>Writes CSeq (RFC 3261 §20.16).</summary>
internal static class CSeqHeader
{
    internal static void Write(ref SipWriter writer, uint number, SipMethod method) =>
        Write(ref writer, number, method.ToToken());

    internal static void Write(ref SipWriter writer, uint number, ReadOnlySpan<byte> method)
    {
        var value = method.Length <= 64 ? stackalloc byte[80] : new byte[16 + method.Length];
        Utf8Formatter.TryFormat(number, value, out var length);
        value[length++] = (byte)' ';
        method.CopyTo(value[length..]);
        writer.Header(SipHeaderId.CSeq, value[..(length + method.Length)]);
    }
}
