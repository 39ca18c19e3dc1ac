using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Atm0s.Sip.Tests.Configuration.Pages;

/// <summary>The comments of public members, as plain text.</summary>
internal static partial class XmlComments
{
    private static readonly Dictionary<string, string> Summaries = new[] { typeof(SipServerOptions), typeof(Core.Parsing.SipLimits) }
        .SelectMany(type => XDocument.Load(Path.ChangeExtension(type.Assembly.Location, ".xml")).Descendants("member"))
        .GroupBy(member => member.Attribute("name")!.Value)
        .ToDictionary(group => group.Key, group => group.First().Element("summary") is { } summary ? Plain(summary) : "");

    /// <summary>What is said of a property; null when nothing is.</summary>
    public static string? Of(Type owner, string property) =>
        Summaries.TryGetValue($"P:{owner.FullName}.{property}", out var summary) && summary.Length > 0 ? summary : null;

    private static string Plain(XElement summary) =>
        Spaces().Replace(string.Concat(summary.Nodes().Select(Text)), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see when see.Value.Length > 0 => see.Value,
        XElement { Name.LocalName: "see" } see => Name(see.Attribute("cref")?.Value ?? see.Attribute("langword")!.Value),
        XElement element => string.Concat(element.Nodes().Select(Text)),
        _ => "",
    };

    // P:Atm0s.Sip.CallOptions.MaxCalls: the last part, of a method without its parameters; of another class's property the class too.
    private static string Name(string reference) => reference.Split('(')[0].Split('.')[^1];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
