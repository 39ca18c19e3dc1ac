using System.Text;

namespace Atm0s.Sip.Core.Messages;

/// <summary>Text of strangers that becomes a name, an event or a line of a log.</summary>
internal static class PlainText
{
    /// <summary>
    /// Whether a character is a control character (C0, DEL, C1), a line or paragraph separator, or says how text is to be written that
    /// follows it (Unicode UAX 9: embeddings, overrides, isolates, marks).
    /// </summary>
    public static bool IsUnsafe(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or '\u061C' or '\u200E' or '\u200F' or '\uFEFF'
            or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    /// <summary>Index of the first such character, or -1.</summary>
    public static int IndexOfUnsafe(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (IsUnsafe(text[i]))
                return i;
        }

        return -1;
    }

    /// <summary>A decoded user part in which such characters stand as they came: escaped (RFC 3261 §19.1.2).</summary>
    public static string KeepEscaped(string decoded)
    {
        var first = IndexOfUnsafe(decoded);
        if (first < 0)
            return decoded;
        var text = new StringBuilder(decoded.Length + 16).Append(decoded, 0, first);
        Span<byte> bytes = stackalloc byte[3];
        foreach (var c in decoded.AsSpan(first))
        {
            if (!IsUnsafe(c))
            {
                text.Append(c);
                continue;
            }

            var length = Encoding.UTF8.GetBytes([c], bytes);
            foreach (var b in bytes[..length])
                text.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
