namespace Atm0s.Sip.Core.Messages.Fields;

/// <summary>Retry-After (RFC 3261 §20.33). Written as a number.</summary>
/// <param name="Seconds">Seconds after which to try again.</param>
/// <param name="Duration">For how many seconds it can be reached then, or null for no limit.</param>
internal readonly record struct RetryAfter(uint Seconds, uint? Duration)
{
    /// <summary>Reads the field of a message; null when there is none that can be read.</summary>
    public static RetryAfter? Read(SipMessage message) =>
        message.TryGetHeader(SipHeaderId.RetryAfter, out var value) && TryParse(value, out var field) ? field : null;

    /// <summary>Reads <c>delta-seconds [comment] *(SEMI param)</c>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> value, out RetryAfter field)
    {
        field = default;
        value = SipChars.Trim(value);
        var digits = 0;
        while (digits < value.Length && value[digits] is >= (byte)'0' and <= (byte)'9')
            digits++;
        if (!SipChars.TryReadNumber(value[..digits], uint.MaxValue, out var seconds))
            return false;
        var rest = SipChars.Trim(value[digits..]);
        if (!rest.IsEmpty && rest[0] == '(')
        {
            // RFC 3261 §25.1: comments nest, and a backslash takes the meaning from a parenthesis.
            if (EndOfComment(rest) is not (> 0 and var end))
                return false;
            rest = SipChars.Trim(rest[end..]);
        }

        if (!SipParameters.AreValid(rest))
            return false;
        field = new RetryAfter(seconds, FieldParts.Number(rest, "duration"u8));
        return true;
    }

    private static int EndOfComment(ReadOnlySpan<byte> comment)
    {
        var depth = 0;
        for (var i = 0; i < comment.Length; i++)
        {
            switch (comment[i])
            {
                case (byte)'\\':
                    i++;
                    break;
                case (byte)'(':
                    depth++;
                    break;
                case (byte)')' when --depth == 0:
                    return i + 1;
            }
        }

        return -1;
    }
}
