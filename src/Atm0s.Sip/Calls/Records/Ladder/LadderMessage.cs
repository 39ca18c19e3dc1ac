using System.Text;
using Atm0s.Sip.Diagnostics;

namespace Atm0s.Sip.Calls.Records.Ladder;

/// <summary>What a ladder says of a message: a label on its arrow, and a remark behind it.</summary>
/// <param name="Label">Method and URI, or status and phrase.</param>
/// <param name="Kind">Method of a response, and whether there is a description; what it begins with is a blank.</param>
/// <param name="Remark">What it says of the reason; empty when it says nothing.</param>
internal readonly record struct LadderMessage(string Label, string Kind, string Remark)
{
    private const int MaxMethod = 12;

    private static readonly string[] Remarks = ["Reason", "Warning", "Retry-After", "Error-Info"];

    /// <summary>Reads a message, however broken it is.</summary>
    public static LadderMessage Of(WireTraceEntry entry)
    {
        var text = entry.Message;
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var lines = (end < 0 ? text : text[..end]).Split("\r\n");
        var first = lines[0].Split(' ', 3);
        var hasSdp = FieldOf(lines, "Content-Type", "c")?.Contains("application/sdp", StringComparison.OrdinalIgnoreCase) == true;
        string label, kind;
        if (lines[0].StartsWith("SIP/2.0 ", StringComparison.Ordinal))
        {
            var method = FieldOf(lines, "CSeq", null)?.Split(' ', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "?";
            label = lines[0][8..];
            kind = $" ({TextWidth.Clip(method, MaxMethod)}{(hasSdp ? ", SDP" : "")})";
        }
        else
        {
            label = $"{first[0]} {(first.Length > 1 ? first[1] : "")}";
            kind = hasSdp ? " (SDP)" : "";
        }

        var remark = new StringBuilder();
        foreach (var name in Remarks)
        {
            if (FieldOf(lines, name, null) is { } value)
                remark.Append(remark.Length > 0 ? ", " : "").Append(name).Append(": ").Append(value);
        }

        return new LadderMessage(LogText.Plain(label), LogText.Plain(kind), LogText.Plain(remark.ToString()));
    }

    private static string? FieldOf(string[] lines, string name, string? shortName)
    {
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
                continue;
            var found = line.AsSpan(0, colon).Trim();
            if (found.Equals(name, StringComparison.OrdinalIgnoreCase) || found.Equals(shortName, StringComparison.OrdinalIgnoreCase))
                return line[(colon + 1)..].Trim();
        }

        return null;
    }
}
