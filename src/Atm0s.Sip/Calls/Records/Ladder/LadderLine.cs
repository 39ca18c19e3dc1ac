using System.Text;

namespace Atm0s.Sip.Calls.Records.Ladder;

/// <summary>One line of a ladder: texts at columns, whatever the width of their characters.</summary>
/// <param name="width">Columns.</param>
internal sealed class LadderLine(int width)
{
    private readonly string[] _cells = [.. Enumerable.Repeat(" ", width)];

    /// <summary>Writes one character.</summary>
    public void Put(int column, char character) => _cells[column] = character.ToString();

    /// <summary>Writes a text from a column on; what does not fit is left out.</summary>
    public void Put(int column, string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            var own = TextWidth.Of(rune);
            if (own == 0)
            {
                if (column > 0)
                    _cells[column - 1] += rune.ToString();
                continue;
            }

            if (column + own > _cells.Length)
                return;
            _cells[column] = rune.ToString();
            if (own == 2)
                _cells[column + 1] = "";
            column += own;
        }
    }

    /// <summary>Writes a text around a column.</summary>
    public void PutCentred(int column, string text) => Put(Math.Max(0, column - (TextWidth.Of(text) / 2)), text);

    /// <summary>The line, without blanks at its end, and a remark behind it.</summary>
    public string ToText(string remark)
    {
        var text = new StringBuilder().AppendJoin("", _cells);
        if (remark.Length > 0)
            text.Append("  ").Append(remark);
        return text.ToString().TrimEnd(' ');
    }
}
