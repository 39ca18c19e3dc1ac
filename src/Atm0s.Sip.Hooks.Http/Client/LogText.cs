using System.Globalization;
using System.Text;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>Makes text from outside harmless in a log: one line, bounded.</summary>
internal static class LogText
{
    private const int MaxLength = 128;

    public static string Escape(string text)
    {
        if (text.Length <= MaxLength && !text.Any(IsUnsafe))
            return text;
        var safe = new StringBuilder(MaxLength);
        foreach (var character in text.AsSpan(0, Math.Min(text.Length, MaxLength)))
        {
            if (IsUnsafe(character))
                safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}");
            else
                safe.Append(character);
        }

        return text.Length > MaxLength ? safe.Append("...").ToString() : safe.ToString();
    }

    // Line and paragraph separators, directional marks and lone surrogates count as control characters here.
    private static bool IsUnsafe(char character) => char.IsControl(character)
        || char.GetUnicodeCategory(character) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.Format or UnicodeCategory.Surrogate;
}
