using System.Text;

namespace Atm0s.Sip.Core.Messages.Fields;

/// <summary>
/// Replaces (RFC 3891 §6.1): the dialog that a new INVITE takes the place of. Tags as its receiver knows them: to-tag is its own.
/// </summary>
/// <param name="CallId">Call-ID.</param>
/// <param name="ToTag">Local tag of the receiver.</param>
/// <param name="FromTag">Remote tag of the receiver.</param>
/// <param name="IsEarlyOnly">Only a dialog that is early may be replaced.</param>
internal sealed record Replaces(string CallId, string ToTag, string FromTag, bool IsEarlyOnly = false)
{
    /// <summary>Reads the field of a request: absent, one, or what has to be answered with 400 (RFC 3891 §3).</summary>
    public static FieldReading Read(SipMessage request, out Replaces? field)
    {
        field = null;
        var count = 0;
        foreach (var value in request.GetValues(SipHeaderId.Replaces))
        {
            // RFC 3891 §3: more than one, or in a request that is no INVITE: 400.
            if (++count > 1 || request.Method != SipMethod.Invite || !TryParse(value, out field))
            {
                field = null;
                return FieldReading.Malformed;
            }
        }

        return count == 0 ? FieldReading.Absent : FieldReading.Ok;
    }

    /// <summary>Reads a value. It must have exactly one to-tag and one from-tag.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out Replaces? field)
    {
        field = null;
        if (!FieldParts.TrySplit(value, out var callId, out var rest) || callId.ContainsAnyExcept(SipChars.Word))
            return false;
        ReadOnlySpan<byte> to = default, from = default;
        var isEarlyOnly = false;
        while (SipParameters.TryNext(ref rest, out var name, out var tag, out _))
        {
            if (SipChars.EqualsIgnoreCase(name, "early-only"u8))
                isEarlyOnly = true;
            else if (SipChars.EqualsIgnoreCase(name, "to-tag"u8) && !TrySet(ref to, tag))
                return false;
            else if (SipChars.EqualsIgnoreCase(name, "from-tag"u8) && !TrySet(ref from, tag))
                return false;
        }

        if (to.IsEmpty || from.IsEmpty)
            return false;
        field = new Replaces(Encoding.ASCII.GetString(callId), Encoding.ASCII.GetString(to), Encoding.ASCII.GetString(from), isEarlyOnly);
        return true;
    }

    /// <summary>The value as it is written.</summary>
    public override string ToString() => $"{CallId};to-tag={ToTag};from-tag={FromTag}{(IsEarlyOnly ? ";early-only" : string.Empty)}";

    private static bool TrySet(ref ReadOnlySpan<byte> slot, ReadOnlySpan<byte> tag)
    {
        if (!slot.IsEmpty || !SipChars.IsToken(tag))
            return false;
        slot = tag;
        return true;
    }
}
