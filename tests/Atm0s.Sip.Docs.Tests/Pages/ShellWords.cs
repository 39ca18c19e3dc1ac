using System.Text;

namespace Atm0s.Sip.Docs.Tests.Pages;

/// <summary>Splits a command as a shell does: blanks, quotes, comments.</summary>
internal static class ShellWords
{
    public static IReadOnlyList<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        char? quote = null;
        var isWord = false;
        foreach (var c in line)
        {
            if (quote is { } open)
            {
                if (c == open)
                    quote = null;
                else
                    word.Append(c);
            }
            else if (c is '"' or '\'')
            {
                (quote, isWord) = (c, true);
            }
            else if (c == '#' && !isWord)
            {
                break;
            }
            else if (c is not (' ' or '\t'))
            {
                word.Append(c);
                isWord = true;
            }
            else if (isWord)
            {
                words.Add(word.ToString());
                word.Clear();
                isWord = false;
            }
        }

        if (isWord)
            words.Add(word.ToString());
        return words;
    }
}
