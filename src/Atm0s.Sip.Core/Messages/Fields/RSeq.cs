namespace Atm0s.Sip.Core.Messages.Fields;

/// <summary>RSeq (RFC 3262 §7.1): number of a reliable provisional response, 1 to 2^32 - 1. Written as a number.</summary>
internal static class RSeq
{
    /// <summary>Reads the field of a message. False when there is none that can be read.</summary>
    public static bool TryRead(SipMessage message, out uint number)
    {
        number = 0;
        return message.TryGetHeader(SipHeaderId.RSeq, out var value) && TryParse(value, out number);
    }

    /// <summary>Reads a value.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out uint number) =>
        SipChars.TryReadNumber(SipChars.Trim(value), uint.MaxValue, out number) && number > 0;
}
