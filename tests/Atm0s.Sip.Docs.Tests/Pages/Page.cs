using System.Text;
using System.Text.RegularExpressions;

namespace Atm0s.Sip.Docs.Tests.Pages;

/// <summary>A page of markdown.</summary>
/// <param name="Path">From the root of the repository, with slashes.</param>
/// <param name="Text">Its text.</param>
internal sealed partial record Page(string Path, string Text)
{
    /// <summary>Lines outside of code.</summary>
    public IReadOnlyList<string> Prose { get; } = [.. Split(Text).Where(line => !line.IsCode).Select(line => line.Text)];

    /// <summary>Lines of blocks of code, fenced or indented, that are no C#.</summary>
    public IReadOnlyList<string> CodeLines { get; } =
        [.. Split(Text).Where(line => line is { IsCode: true, IsCSharp: false }).Select(line => line.Text.Trim())];

    /// <summary>Links to other pages and to places in them, without those to the web.</summary>
    public IEnumerable<string> Links =>
        Prose.SelectMany(line => Link().Matches(InlineCode().Replace(line, "")))
            .Select(match => match.Groups[1].Value).Where(target => !target.Contains("://", StringComparison.Ordinal));

    /// <summary>What stands in the text as code.</summary>
    public IEnumerable<string> InlineCodes => Prose.SelectMany(line => InlineCode().Matches(line)).Select(match => match.Value.Trim('`'));

    /// <summary>Where links may lead to inside the page: the headings, as GitHub and docfx name them.</summary>
    public IReadOnlySet<string> Anchors { get; } = new HashSet<string>(
        Split(Text).Where(line => !line.IsCode && line.Text.StartsWith('#')).Select(line => Anchor(line.Text.TrimStart('#').Trim())));

    public override string ToString() => Path;

    private static string Anchor(string heading)
    {
        var anchor = new StringBuilder();
        foreach (var c in heading.ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(c) || c is '-' or '_')
                anchor.Append(c);
            else if (c == ' ')
                anchor.Append('-');
        }

        return anchor.ToString();
    }

    private static IEnumerable<(string Text, bool IsCode, bool IsCSharp)> Split(string text)
    {
        string? fence = null;
        var wasBlank = true;
        var isIndented = false;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                fence = fence is null ? line.Trim()[3..] : null;
                continue;
            }

            // A block of code begins after an empty line, with four blanks.
            isIndented = line.StartsWith("    ", StringComparison.Ordinal) && (isIndented || wasBlank);
            wasBlank = line.Length == 0;
            yield return (line, fence is not null || isIndented, fence is "csharp" or "cs");
        }
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]+`")]
    private static partial Regex InlineCode();
}
