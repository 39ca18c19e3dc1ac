using System.Globalization;

namespace Atm0s.Sip.Testing;

/// <summary>A SIP message as text, taken apart by plain means: the tests' own reading, independent of the library's parser.</summary>
public sealed class SipText
{
    private readonly List<(string Name, string Value)> _headers = [];

    /// <summary>Takes a message apart.</summary>
    public SipText(string text)
    {
        Raw = text;
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var lines = (end < 0 ? text : text[..end]).Split("\r\n");
        StartLine = lines[0];
        Body = end < 0 ? "" : text[(end + 4)..];
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
                _headers.Add((LongName(line[..colon].Trim()), line[(colon + 1)..].Trim()));
        }
    }

    /// <summary>The message as it came.</summary>
    public string Raw { get; }

    /// <summary>First line.</summary>
    public string StartLine { get; }

    /// <summary>Body.</summary>
    public string Body { get; }

    /// <summary>Whether it is a response.</summary>
    public bool IsResponse => StartLine.StartsWith("SIP/2.0 ", StringComparison.Ordinal);

    /// <summary>Status code of a response, 0 for a request.</summary>
    public int Status => IsResponse ? int.Parse(StartLine.AsSpan(8, 3), CultureInfo.InvariantCulture) : 0;

    /// <summary>Method: of a request its own, of a response that in CSeq.</summary>
    public string Method => IsResponse ? this["CSeq"].Split(' ')[1] : StartLine.Split(' ')[0];

    /// <summary>Tag of To, or empty.</summary>
    public string ToTag => TagOf(this["To"]);

    /// <summary>Tag of From, or empty.</summary>
    public string FromTag => TagOf(this["From"]);

    /// <summary>URI in Contact.</summary>
    public string ContactUri => Between(this["Contact"], "<", ">");

    /// <summary>First value of a header, or empty.</summary>
    public string this[string name] => All(name) is [var first, ..] ? first : "";

    /// <summary>All values of a header.</summary>
    public IReadOnlyList<string> All(string name) =>
        [.. _headers.Where(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value)];

    /// <summary>A quoted or bare parameter in a value, or empty.</summary>
    public static string Parameter(string value, string name)
    {
        var at = value.IndexOf(name + "=", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return "";
        var rest = value[(at + name.Length + 1)..];
        return rest.StartsWith('"') ? Between(rest, "\"", "\"") : rest.Split([',', ';', ' '], 2)[0];
    }

    /// <inheritdoc/>
    public override string ToString() => StartLine;

    // RFC 3261 §7.3.3
    private static string LongName(string name) => name switch
    {
        "v" => "Via",
        "f" => "From",
        "t" => "To",
        "i" => "Call-ID",
        "m" => "Contact",
        "l" => "Content-Length",
        "c" => "Content-Type",
        _ => name,
    };

    private static string TagOf(string value) => Parameter(value[(value.IndexOf('>', StringComparison.Ordinal) + 1)..], ";tag");

    private static string Between(string value, string left, string right)
    {
        var from = value.IndexOf(left, StringComparison.Ordinal);
        if (from < 0)
            return "";
        from += left.Length;
        var to = value.IndexOf(right, from, StringComparison.Ordinal);
        return to < 0 ? "" : value[from..to];
    }
}
