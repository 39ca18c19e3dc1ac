using System.Globalization;
using System.Text;

namespace Atm0s.Sip.Diagnostics;

/// <summary>Strangers' text on its way into a log, which a terminal shows and programs read.</summary>
internal static class LogText
{
    private const int MaxWord = 64;

    /// <summary>
    /// A name as one word: nothing in it looks like the rest of its line, and a program that reads the line can't be led astray.
    /// </summary>
    public static string Word(string name) => string.Concat(
        name.Take(MaxWord).Select(c => char.IsLetterOrDigit(c) || c is '+' or '-' or '_' or '.' or '/' ? c : '?'));

    /// <summary>The same for what a message holds.</summary>
    public static string Word(ReadOnlySpan<byte> name) => Word(Encoding.UTF8.GetString(name[..Math.Min(name.Length, MaxWord * 4)]));

    /// <summary>A text in which nothing moves the cursor, breaks the line or turns the direction of writing.</summary>
    public static string Plain(string text)
    {
        var first = 0;
        while (first < text.Length && !IsUnsafe(text[first]))
            first++;
        if (first == text.Length)
            return text;
        var plain = new StringBuilder(text.Length + 16).Append(text, 0, first);
        foreach (var c in text.AsSpan(first))
        {
            if (IsUnsafe(c))
                plain.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                plain.Append(c);
        }

        return plain.ToString();
    }

    /// <summary>
    /// Whether a character is a control character (C0, DEL, C1), a line or paragraph separator, or says how text is to be written that
    /// follows it (Unicode UAX 9: embeddings, overrides, isolates, marks).
    /// </summary>
    public static bool IsUnsafe(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or '\u061C' or '\u200E' or '\u200F' or '\uFEFF'
            or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
