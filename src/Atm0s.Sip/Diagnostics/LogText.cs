using System.Globalization;
using System.Text;
using Atm0s.Sip.Core.Messages;

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
        var first = PlainText.IndexOfUnsafe(text);
        if (first < 0)
            return text;
        var plain = new StringBuilder(text.Length + 16).Append(text, 0, first);
        foreach (var c in text.AsSpan(first))
        {
            if (PlainText.IsUnsafe(c))
                plain.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                plain.Append(c);
        }

        return plain.ToString();
    }
}
