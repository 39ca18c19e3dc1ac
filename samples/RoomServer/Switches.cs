using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace RoomServer;

/// <summary>
/// The switches as the help text names them, and how the section RoomServer of a configuration stands for them:
/// <c>"RoomServer": { "open-rooms": "conf", "DemoUsers": true, "trust": [ "10.0.0.0/8" ] }</c>.
/// </summary>
internal static partial class Switches
{
    /// <summary>Section of the settings that are not the library's.</summary>
    public const string Section = "RoomServer";

    private static readonly Dictionary<string, (bool HasValue, bool IsRepeatable)> All = Switch().Matches(Arguments.Usage)
        .Where(match => match.Groups["name"].Value is not ("--help" or "--config"))
        .ToDictionary(
            match => match.Groups["name"].Value,
            match => (match.Groups["value"].Length > 0, match.Groups["text"].Value.Contains("repeatable", StringComparison.Ordinal)));

    /// <summary>What a configuration sets, as switches: name, value (null for none), and where it stands.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <exception cref="FormatException">Something there is no switch, or can't be one.</exception>
    public static IEnumerable<(string Name, string? Value, string Path)> Read(IConfiguration configuration)
    {
        foreach (var setting in configuration.GetSection(Section).GetChildren())
        {
            var name = All.Keys.FirstOrDefault(name => Plain(name) == Plain(setting.Key))
                ?? throw new FormatException(
                    $"{setting.Path} is no setting{(Nearest(setting.Key) is { } near ? $"; did you mean {Section}:{near}?" : "; try --help.")}");
            // Users may stand in the configuration itself.
            if (name == "--users" && setting.Value is null)
                continue;
            var (hasValue, isRepeatable) = All[name];
            var children = setting.GetChildren().ToList();
            if (!hasValue)
            {
                if (!bool.TryParse(setting.Value, out var isOn))
                    throw new FormatException($"{setting.Path} is \"{setting.Value}\"; write true or false.");
                if (isOn)
                    yield return (name, null, setting.Path);
            }
            else if (children.Count == 0)
            {
                yield return (name, setting.Value ?? throw new FormatException($"{setting.Path} is null; write a value."), setting.Path);
            }
            else if (!isRepeatable)
            {
                var all = string.Join(',', children.Select(child => child.Value));
                yield return name is "--codecs" or "--digest"
                    ? (name, all, setting.Path)
                    : throw new FormatException($"{setting.Path} is a list; write one value.");
            }
            else
            {
                foreach (var child in children)
                    yield return (name, child.Value ?? throw new FormatException($"{child.Path} is no text."), child.Path);
            }
        }
    }

    /// <summary>The switch that is spelled like another word; null when none is.</summary>
    public static string? Nearest(string word) =>
        All.Keys.Where(name => Plain(name) is var plain && Plain(word) is { Length: > 2 } other
            && (plain.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(plain, StringComparison.Ordinal)
                || IsOneLetterAway(plain, other)))
            .MinBy(name => int.Abs(name.Length - word.Length))?[2..];

    private static bool IsOneLetterAway(string one, string other)
    {
        if (int.Abs(one.Length - other.Length) > 1)
            return false;
        var start = 0;
        while (start < one.Length && start < other.Length && one[start] == other[start])
            start++;
        var (rest, otherRest) = (one[start..], other[start..]);
        return rest.Length == 0 || otherRest.Length == 0
            ? rest.Length + otherRest.Length == 1
            : rest[1..] == otherRest[1..] || rest == otherRest[1..] || rest[1..] == otherRest
                || (rest.Length > 1 && otherRest.Length > 1 && rest[0] == otherRest[1] && rest[1] == otherRest[0] && rest[2..] == otherRest[2..]);
    }

    private static string Plain(string name) =>
        name.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    [GeneratedRegex(@"^ *(?<name>--[a-z-]+) (?<value>[A-Z\[]\S*)? *(?<text>.*(\n {20,}.*)*)$", RegexOptions.Multiline)]
    private static partial Regex Switch();
}
