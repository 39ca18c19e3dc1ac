using Atm0s.Sip.Configuration.Tables;

namespace Atm0s.Sip.Configuration;

/// <summary>What somebody may have meant by a name that is no setting.</summary>
internal static class Suggestions
{
    /// <summary>The rest of the sentence about an unknown setting.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="known">The settings that are known there.</param>
    public static string For(ConfigurationPlace place, IReadOnlyList<string> known)
    {
        var path = place.Section.Path;
        var above = path[..(path.Length - place.Key.Length)];
        if (Nearest(place.Key, known) is { } near)
            return $"is no setting; did you mean {above}{near}?";
        // A name that is right, or nearly, in another group.
        var root = path[..(path.Length - place.Setting.Length)];
        return Elsewhere(place.Key, place.Setting.Split('.')) is { } other
            ? $"is no setting; did you mean {root}{other}?"
            : $"is no setting; those of {above.TrimEnd(':')} are {string.Join(", ", known)}.";
    }

    /// <summary>The name that is spelled most like another; null when none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        var best = known.Select(name => (Name: name, Distance: Distance(Plain(word), Plain(name)))).OrderBy(pair => pair.Distance)
            .FirstOrDefault();
        return best.Name is not null && best.Distance <= int.Max(1, word.Length / 3) && word.Length > 1 ? best.Name : null;
    }

    // Before those of other groups come those below the place itself, whose lists may have names in place of numbers.
    private static string? Elsewhere(string word, string[] place)
    {
        var paths = ServerSettings.Paths.Select(path => path.Split(':')).ToLookup(parts => parts[^1], StringComparer.OrdinalIgnoreCase);
        if (Nearest(word, paths.Select(group => group.Key)) is not { } name)
            return null;
        var found = paths[name].OrderByDescending(parts => Common(parts, place)).ThenBy(parts => parts.Count(part => part == "0")).First();
        var common = Common(found, place);
        return string.Join(':', [.. place.Take(common), .. found.Skip(common)]);
    }

    private static int Common(string[] path, string[] place) =>
        path.Zip(place[..^1]).TakeWhile(pair => pair.First == "0" || pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase)).Count();

    private static string Plain(string name) =>
        name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();

    // Letters put in, left out, exchanged, or changed with their neighbour. Bounded: keys may be of any length.
    private static int Distance(string one, string other)
    {
        if (int.Abs(one.Length - other.Length) > 8 || one.Length > 64)
            return int.MaxValue;
        var rows = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= other.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= one.Length; i++)
        {
            for (var j = 1; j <= other.Length; j++)
            {
                var change = one[i - 1] == other[j - 1] ? 0 : 1;
                rows[i, j] = int.Min(int.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                    rows[i, j] = int.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[one.Length, other.Length];
    }
}
