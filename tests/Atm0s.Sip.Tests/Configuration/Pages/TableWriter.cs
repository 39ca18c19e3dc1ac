using System.Text;
using Atm0s.Sip.Configuration;
using Atm0s.Sip.Configuration.Tables;

namespace Atm0s.Sip.Tests.Configuration.Pages;

/// <summary>Writes the tables of docs/configuration.md.</summary>
internal static class TableWriter
{
    public static string Write()
    {
        var text = new StringBuilder();
        var server = ServerSettings.Table.Describe(new SipServerOptions());
        Table(text, "Sip", [.. server.Where(shape => shape.Children.Count == 0)]);
        foreach (var shape in server.Where(shape => shape.Children.Count > 0))
            Group(text, "Sip", shape);
        return text.ToString();
    }

    private static void Group(StringBuilder text, string above, SettingShape shape)
    {
        var path = $"{above}:{shape.Name}";
        if (shape.IsList)
            path += shape.IsNamed ? ":NAME" : ":0";
        Table(text, path, [.. shape.Children.Where(inner => inner.Children.Count == 0)], shape);
        foreach (var inner in shape.Children.Where(inner => inner.Children.Count > 0))
            Group(text, path, inner);
    }

    private static void Table(StringBuilder text, string path, IReadOnlyList<SettingShape> rows, SettingShape? group = null)
    {
        text.Append("\n### ").Append(path).Append("\n\n");
        if (group is not null)
            text.Append(Escaped(SettingText.Of(group))).Append("\n\n");
        text.Append("| setting | may be | default | reload | what it is |\n|---|---|---|---|---|\n");
        var isLive = group?.Reload is ReloadKind.Live or ReloadKind.Elsewhere || path.Contains(":Trunks", StringComparison.Ordinal);
        foreach (var row in rows)
        {
            text.Append("| `").Append(row.Name).Append("` | ").Append(Escaped(SettingText.AllowedOf(row))).Append(" | ")
                .Append(SettingText.DefaultOf(row) is { } value ? $"`{value}`" : "").Append(" | ")
                .Append(isLive || row.Reload != ReloadKind.AtRestart ? "yes" : "").Append(" | ")
                .Append(Escaped(SettingText.Of(row))).Append(" |\n");
        }
    }

    private static string Escaped(string text) => text.Replace("|", "\\|", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal).Replace("::/0", "`::/0`", StringComparison.Ordinal);
}
