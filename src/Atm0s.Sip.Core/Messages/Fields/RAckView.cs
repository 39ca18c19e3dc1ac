using System.Text;

namespace Atm0s.Sip.Core.Messages.Fields;

/// <summary>RAck (RFC 3262 §7.2): RSeq of the response that a PRACK acknowledges, and its CSeq. A view over a message.</summary>
internal readonly ref struct RAckView
{
    /// <summary>RSeq of the response.</summary>
    public uint RSeq { get; private init; }

    /// <summary>CSeq number of the response.</summary>
    public uint CSeq { get; private init; }

    /// <summary>CSeq method of the response; with case.</summary>
    public ReadOnlySpan<byte> Method { get; private init; }

    /// <summary>Reads the field of a message. False when there is none that can be read.</summary>
    public static bool TryRead(SipMessage message, out RAckView field)
    {
        field = default;
        return message.TryGetHeader(SipHeaderId.RAck, out var value) && TryParse(value, out field);
    }

    /// <summary>Reads <c>response-num LWS CSeq-num LWS Method</c>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out RAckView field)
    {
        field = default;
        var rest = SipChars.Trim(value);
        if (!TryTakeNumber(ref rest, out var rseq) || rseq == 0 || !TryTakeNumber(ref rest, out var cseq) || !SipChars.IsToken(rest))
            return false;
        field = new RAckView { RSeq = rseq, CSeq = cseq, Method = rest };
        return true;
    }

    /// <summary>The value that acknowledges a response.</summary>
    /// <param name="rseq">Its RSeq.</param>
    /// <param name="response">The response; its CSeq is copied.</param>
    public static string Format(uint rseq, SipMessage response) =>
        $"{rseq} {response.CSeqNumber} {Encoding.ASCII.GetString(response.CSeqMethodToken)}";

    private static bool TryTakeNumber(ref ReadOnlySpan<byte> rest, out uint number)
    {
        number = 0;
        var end = rest.IndexOfAny((byte)' ', (byte)'\t');
        if (end <= 0 || !SipChars.TryReadNumber(rest[..end], uint.MaxValue, out number))
            return false;
        rest = SipChars.Trim(rest[end..]);
        return true;
    }
}
