using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Parsing;

/// <summary>
/// Reads and checks the fields that every message has (RFC 3261 §8.1.1), and the numbers and addresses that steer it. Reports the first
/// that is wrong.
/// </summary>
internal static class MandatoryHeaders
{
    public static SipRefusal Read(SipMessage message)
    {
        var first = SipRefusal.None;
        int from = -1, to = -1, callId = -1, cseq = -1;
        var hasVia = false;
        for (var i = 0; i < message.HeaderCount; i++)
        {
            var field = message.GetHeader(i);
            var refusal = field.Id switch
            {
                SipHeaderId.Via => hasVia ? SipRefusal.None : ReadVia(message, field.Value, ref hasVia),
                SipHeaderId.From => Once(ref from, i),
                SipHeaderId.To => Once(ref to, i),
                SipHeaderId.CallId => Once(ref callId, i),
                SipHeaderId.CSeq => Once(ref cseq, i),
                // What we asked for goes on whatever a lesser field of the answer looks like: a 2xx that is dropped is never acknowledged.
                _ when !message.IsRequest => SipRefusal.None,
                SipHeaderId.Contact => NeedsContact(message.Method) ? CheckContact(field.Value) : SipRefusal.None,
                SipHeaderId.MaxForwards => SipChars.TryReadNumber(field.Value, 255, out _) ? SipRefusal.None : SipRefusal.BadMaxForwards,
                // Expires is the registrar's: a malformed value, a date among them, counts as 3600 (§10.2); nobody else reads it (§8.2).
                _ => SipRefusal.None,
            };
            if (first == SipRefusal.None)
                first = refusal;
        }

        // All are read even when one is wrong: the answer copies what it can.
        var results = (
            Via: hasVia ? SipRefusal.None : SipRefusal.MissingVia,
            From: ReadAddress(message, from, isFrom: true),
            To: ReadAddress(message, to, isFrom: false),
            CallId: ReadCallId(message, callId),
            CSeq: ReadCSeq(message, cseq));
        if (first != SipRefusal.None)
            return first;
        if (results.Via != SipRefusal.None)
            return results.Via;
        if (results.From != SipRefusal.None)
            return results.From;
        if (results.To != SipRefusal.None)
            return results.To;
        return results.CallId != SipRefusal.None ? results.CallId : results.CSeq;
    }

    private static SipRefusal Once(ref int index, int found)
    {
        if (index >= 0)
            return SipRefusal.DuplicateHeader;
        index = found;
        return SipRefusal.None;
    }

    private static SipRefusal ReadVia(SipMessage message, ReadOnlySpan<byte> value, ref bool hasVia)
    {
        hasVia = true;
        var top = SipChars.Trim(value[..SipHeaderValues.EndOfValue(value)]);
        if (!ViaView.TryParse(top, out var via))
        {
            // RFC 4475 §3.1.2.1: bad parameters are answered 400, and for that sent-by is enough (RFC 3261 §18.2.2).
            var semicolon = top.IndexOf((byte)';');
            if (semicolon >= 0 && ViaView.TryParse(top[..semicolon], out _))
                message.TopViaRange = RangeOf(message, SipChars.Trim(top[..semicolon]));
            return SipRefusal.BadVia;
        }

        message.TopViaRange = RangeOf(message, top);
        message.TopViaParts = new ViaRanges(
            RangeOf(message, via.Transport),
            RangeOf(message, via.Host),
            RangeOf(message, via.SentBy),
            RangeOf(message, via.Parameters),
            via.Port);
        message.BranchRange = RangeOf(message, via.Branch);
        return SipRefusal.None;
    }

    private static SipRefusal ReadAddress(SipMessage message, int index, bool isFrom)
    {
        if (index < 0)
            return isFrom ? SipRefusal.MissingFrom : SipRefusal.MissingTo;
        var value = message.GetHeader(index).Value;
        var valid = NameAddressView.TryParse(value, out var view) && SipHeaderValues.EndOfAddress(value) == value.Length;
        var tag = valid ? RangeOf(message, view.Tag) : default;
        if (isFrom)
        {
            message.FromRange = RangeOf(message, value);
            message.FromTagRange = tag;
            return valid ? SipRefusal.None : SipRefusal.BadFrom;
        }

        message.ToRange = RangeOf(message, value);
        message.ToTagRange = tag;
        return valid ? SipRefusal.None : SipRefusal.BadTo;
    }

    // callid = word [ "@" word ]; phones and servers put other characters there, too. What is printed and is no space ends nothing.
    private static SipRefusal ReadCallId(SipMessage message, int index)
    {
        if (index < 0)
            return SipRefusal.MissingCallId;
        var value = message.GetHeader(index).Value;
        message.CallIdRange = RangeOf(message, value);
        return value.IsEmpty || value.ContainsAnyExcept(SipChars.Visible) ? SipRefusal.BadCallId : SipRefusal.None;
    }

    // CSeq = 1*DIGIT LWS Method, the number below 2^31 by §8.1.1.5; up to 2^32-1 is taken.
    private static SipRefusal ReadCSeq(SipMessage message, int index)
    {
        if (index < 0)
            return SipRefusal.MissingCSeq;
        var value = message.GetHeader(index).Value;
        var space = value.IndexOfAny((byte)' ', (byte)'\t');
        if (space <= 0 || !SipChars.TryReadNumber(value[..space], uint.MaxValue, out var number))
            return SipRefusal.BadCSeq;
        var method = SipChars.Trim(value[space..]);
        if (!SipChars.IsToken(method))
            return SipRefusal.BadCSeq;
        message.CSeqNumber = number;
        message.CSeqMethod = SipMethods.Parse(method);
        message.CSeqMethodRange = RangeOf(message, method);
        if (!message.IsRequest)
        {
            message.Method = message.CSeqMethod;
            return SipRefusal.None;
        }

        return method.SequenceEqual(message.MethodToken) ? SipRefusal.None : SipRefusal.CSeqMismatch;
    }

    // RFC 3261 §8.2.2: what is not needed to carry out a request is ignored when it is malformed. A call must end though the Contact of its
    // BYE can't be read, and Expires has a value that counts then (§20.19).
    private static bool NeedsContact(SipMethod method) =>
        method is not (SipMethod.Ack or SipMethod.Bye or SipMethod.Cancel or SipMethod.Info or SipMethod.Prack);

    private static SipRefusal CheckContact(ReadOnlySpan<byte> value)
    {
        while (!value.IsEmpty)
        {
            var end = SipHeaderValues.EndOfAddress(value);
            var contact = SipChars.Trim(value[..end]);
            if (!contact.SequenceEqual("*"u8) && !NameAddressView.TryParse(contact, out _))
                return SipRefusal.BadContact;
            value = end < value.Length ? value[(end + 1)..] : default;
        }

        return SipRefusal.None;
    }

    private static ByteRange RangeOf(SipMessage message, ReadOnlySpan<byte> part) =>
        part.IsEmpty || !message.Raw.Overlaps(part, out var offset) ? default : new ByteRange(offset, part.Length);
}
