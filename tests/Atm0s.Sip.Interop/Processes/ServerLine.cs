using System.Text.Json;
using System.Text.RegularExpressions;

namespace Atm0s.Sip.Interop.Processes;

/// <summary>A line of RoomServer: <c>HH:mm:ss.fff kind key=value ...</c></summary>
public sealed partial record ServerLine(string Kind, IReadOnlyDictionary<string, string> Values)
{
    /// <summary>A value; empty when it is not there.</summary>
    public string this[string key] => Values.GetValueOrDefault(key, "");

    /// <summary>Reads a line; null when it is not an event.</summary>
    public static ServerLine? Parse(string line)
    {
        var match = Form().Match(line);
        if (!match.Success)
            return null;
        var values = new Dictionary<string, string>();
        foreach (Match pair in Pair().Matches(match.Groups["rest"].Value))
        {
            var value = pair.Groups["value"].Value;
            values[pair.Groups["key"].Value] = value.StartsWith('"') ? JsonSerializer.Deserialize<string>(value)! : value;
        }

        return new ServerLine(match.Groups["kind"].Value, values);
    }

    [GeneratedRegex(@"^\d\d:\d\d:\d\d\.\d{3} (?<kind>[a-z-]+)(?<rest>.*)$")]
    private static partial Regex Form();

    [GeneratedRegex("""(?<key>[a-z]+)=(?<value>"(?:[^"\\]|\\.)*"|\S*)""")]
    private static partial Regex Pair();
}
