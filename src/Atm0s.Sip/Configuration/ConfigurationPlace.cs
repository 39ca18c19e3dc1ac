using Microsoft.Extensions.Configuration;

namespace Atm0s.Sip.Configuration;

/// <summary>A place in a configuration, and the sentences about what stands there. No sentence shows a secret.</summary>
/// <param name="section">The place.</param>
/// <param name="root">Path of the section that holds all settings of the server.</param>
/// <param name="isSecret">Whether what stands there is never shown.</param>
internal readonly struct ConfigurationPlace(IConfigurationSection section, string root, bool isSecret = false)
{
    private const int MaxShown = 80;

    private static readonly string[] Schemes = ["sip", "sips", "udp", "tcp", "tls", "http", "https"];

    public IConfigurationSection Section => section;

    public string Key => section.Key;

    public string? Text => section.Value;

    /// <summary>The place by itself, its children aside.</summary>
    public bool HasChildren => section.GetChildren().Any();

    /// <summary>Path of properties, for example <c>Media.LastPort</c>.</summary>
    public string Setting =>
        (section.Path.Length > root.Length && root.Length > 0 ? section.Path[(root.Length + 1)..] : section.Path)
        .Replace(':', '.');

    public ConfigurationPlace Secret() => new(section, root, isSecret: true);

    public ConfigurationPlace Child(string name) => new(section.GetSection(name), root, isSecret);

    public IEnumerable<ConfigurationPlace> Children()
    {
        foreach (var child in section.GetChildren())
            yield return new ConfigurationPlace(child, root, isSecret);
    }

    /// <summary>The value there can't be used.</summary>
    /// <param name="advice">What to write, for example "a number from 1 to 5".</param>
    /// <param name="example">A text that can be read.</param>
    public SipStartException Wrong(string advice, string? example = null) =>
        Problem($"{Shown()}; write {advice}{(example is null ? "" : $", for example {example}")}.");

    /// <summary>A sentence that begins with the path.</summary>
    public SipStartException Problem(string sentence) => new(Setting, OneLine($"{section.Path} {sentence}"));

    private string Shown() =>
        isSecret ? "can't be used as it is (its value is not shown)"
        : section.Value is not { } text ? HasChildren ? "has settings below it" : "is null"
        : $"is \"{Quote(text)}\"";

    /// <summary>A value as a sentence may show it: short, on one line, and without the password of an address.</summary>
    internal static string Quote(string text)
    {
        var shown = WithoutPassword(text);
        if (shown.Length > MaxShown)
            shown = string.Concat(shown.AsSpan(0, MaxShown), "...");
        return OneLine(shown);
    }

    /// <summary>A sentence that may hold what somebody has written.</summary>
    internal static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    // RFC 3261 §19.1.1 and RFC 3986 §3.2.1: user, colon, password, "@". Where no scheme is known the first colon may end a user.
    private static string WithoutPassword(string text)
    {
        var at = text.LastIndexOf('@');
        if (at < 0)
            return text;
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0 && Array.Exists(Schemes, scheme => text.AsSpan(0, colon).Trim().Equals(scheme, StringComparison.OrdinalIgnoreCase)))
            colon = text.IndexOf(':', colon + 1);
        return colon >= 0 && colon < at ? string.Concat(text.AsSpan(0, colon + 1), "***", text.AsSpan(at)) : text;
    }
}
