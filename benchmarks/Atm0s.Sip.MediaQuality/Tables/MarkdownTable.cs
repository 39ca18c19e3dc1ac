using System.Globalization;
using System.Text;

namespace Atm0s.Sip.MediaQuality.Tables;

/// <summary>A table of Markdown.</summary>
internal sealed class MarkdownTable
{
    private readonly StringBuilder _text = new();

    /// <summary>Begins it.</summary>
    /// <param name="columns">Heads; all but the first <paramref name="left"/> are numbers.</param>
    /// <param name="left">How many columns are words.</param>
    public MarkdownTable(IReadOnlyList<string> columns, int left = 1)
    {
        _text.Append("| ").AppendJoin(" | ", columns).AppendLine(" |");
        _text.Append('|').AppendJoin('|', columns.Select((_, i) => i < left ? "---" : "---:")).AppendLine("|");
    }

    /// <summary>Adds a row.</summary>
    public void Add(params IReadOnlyList<string> cells) => _text.Append("| ").AppendJoin(" | ", cells).AppendLine(" |");

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>A number; "-" for none.</summary>
    public static string Number(double value, string format = "0.0") =>
        double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "-";

    /// <summary>A share as percent.</summary>
    public static string Percent(double share) => share == 0 ? "0" : Number(100 * share, share < 0.001 ? "0.00" : "0.0") + " %";
}
