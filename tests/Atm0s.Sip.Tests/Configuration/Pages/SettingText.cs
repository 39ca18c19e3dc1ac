using Atm0s.Sip.Configuration;
using Atm0s.Sip.Configuration.Formats;

namespace Atm0s.Sip.Tests.Configuration.Pages;

/// <summary>What people read about a setting.</summary>
internal static class SettingText
{
    // Of this machine, not of the library.
    private static readonly string[] ByProcessors = ["ShardCount", "Threads"];

    public static string Of(SettingShape shape) => shape.Note ?? XmlComments.Of(shape.Owner, shape.Name)
        ?? throw new InvalidOperationException($"{shape.Owner.Name}.{shape.Name} has neither a comment nor a note.");

    /// <summary>Its default; null when it has none, or one that depends on the machine.</summary>
    public static string? DefaultOf(SettingShape shape) =>
        ByProcessors.Contains(shape.Name) || shape.Name == "Uri" ? null
        : string.IsNullOrEmpty(shape.Default) ? null
        : shape.Format!.Kind == ValueKind.Time ? shape.Default.Replace(" ", "", StringComparison.Ordinal)
        : shape.Default;

    /// <summary>What it may be.</summary>
    public static string AllowedOf(SettingShape shape)
    {
        var one = shape.Format is { } format
            ? format.Kind switch
            {
                ValueKind.Text when shape.Children.Count == 0 => "text",
                ValueKind.Switch => "true, false",
                ValueKind.Choice => string.Join(", ", format.Names),
                ValueKind.Address => "IP address",
                ValueKind.EndPoint => "address:port",
                ValueKind.Network => "address or CIDR block",
                _ => format.Advice.Replace("a number from ", "", StringComparison.Ordinal)
                    .Replace("a time from ", "", StringComparison.Ordinal),
            }
            : "";
        return shape.Children.Count > 0 ? "text or object" : shape.IsList ? $"list: {one}" : one;
    }
}
