using System.Buffers;
using System.Text;

namespace Atm0s.Sip.Core.Messages;

/// <summary>Character classes of the grammar (RFC 3261 §25.1), and the small operations on them.</summary>
internal static class SipChars
{
    /// <summary><c>token</c>.</summary>
    public static readonly SearchValues<byte> Token = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~"u8);

    /// <summary><c>word</c>, of which a Call-ID is made.</summary>
    public static readonly SearchValues<byte> Word = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.!%*_+`'~()<>:\\\"/[]?{}@"u8);

    /// <summary>Printed ASCII without the space.</summary>
    public static readonly SearchValues<byte> Visible = SearchValues.Create(
        "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    /// <summary>Control characters that no header field may hold: all but HT.</summary>
    public static readonly SearchValues<byte> Control = SearchValues.Create(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127]);

    /// <summary>What may not stand in a URI: controls, white space, quotes and angle brackets.</summary>
    public static readonly SearchValues<byte> NotUri = SearchValues.Create(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 34, 60,
            62, 127]);

    public static bool IsToken(ReadOnlySpan<byte> value) => !value.IsEmpty && !value.ContainsAnyExcept(Token);

    public static bool IsWhite(byte c) => c is (byte)' ' or (byte)'\t';

    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value)
    {
        var start = 0;
        while (start < value.Length && IsWhite(value[start]))
            start++;
        var end = value.Length;
        while (end > start && IsWhite(value[end - 1]))
            end--;
        return value[start..end];
    }

    public static bool EqualsIgnoreCase(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => Ascii.EqualsIgnoreCase(left, right);

    /// <summary>Reads a decimal number that fills the whole span, without overflow.</summary>
    public static bool TryReadNumber(ReadOnlySpan<byte> digits, uint max, out uint value)
    {
        value = 0;
        if (digits.IsEmpty)
            return false;
        ulong sum = 0;
        foreach (var c in digits)
        {
            if (c is < (byte)'0' or > (byte)'9')
                return false;
            sum = (sum * 10) + (uint)(c - '0');
            if (sum > max)
                return false;
        }

        value = (uint)sum;
        return true;
    }

    /// <summary>Index just behind the quoted string that starts at <paramref name="start"/>, or -1 when it is not closed.</summary>
    public static int EndOfQuoted(ReadOnlySpan<byte> value, int start)
    {
        for (var i = start + 1; i < value.Length; i++)
        {
            if (value[i] == '\\')
                i++;
            else if (value[i] == '"')
                return i + 1;
        }

        return -1;
    }
}
