using System.Globalization;
using System.Text;

namespace Atm0s.Sip.Calls.Records.Ladder;

/// <summary>How many columns of a terminal a text takes (Unicode UAX 11: wide characters take two).</summary>
internal static class TextWidth
{
    private const int MaxMarks = 3;     // upon one character

    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115F), (0x2329, 0x232A), (0x2E80, 0x303E), (0x3041, 0x4DBF), (0x4E00, 0xA4CF), (0xA960, 0xA97F), (0xAC00, 0xD7A3),
        (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF01, 0xFF60), (0xFFE0, 0xFFE6), (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF),
        (0x1F900, 0x1FAFF), (0x20000, 0x3FFFD),
    ];

    /// <summary>Columns of one character.</summary>
    public static int Of(Rune rune)
    {
        if (rune.Value < 0x300)
            return 1;
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format)
            return 0;
        foreach (var (first, last) in Wide)
        {
            if (rune.Value >= first && rune.Value <= last)
                return 2;
        }

        return 1;
    }

    /// <summary>Columns of a text.</summary>
    public static int Of(string text) => text.EnumerateRunes().Sum(Of);

    /// <summary>
    /// A text in at most so many columns: what is cut off shows by three dots, and no character has more than a few marks upon it.
    /// </summary>
    public static string Clip(string text, int max)
    {
        if (max <= 3)
            return "";
        var clipped = new StringBuilder();
        var (width, marks, end) = (0, 0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            var own = Of(rune);
            marks = own == 0 ? marks + 1 : 0;
            if (marks > MaxMarks)
                continue;
            if (width + own > max)
                return string.Concat(clipped.ToString(0, end), "...");
            width += own;
            clipped.Append(rune);
            if (width <= max - 3)
                end = clipped.Length;
        }

        return clipped.ToString();
    }
}
