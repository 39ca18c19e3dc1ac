using System.Text.Json;

namespace Atm0s.Sip.Dashboard.Live;

/// <summary>Texts of rows: strangers choose them, so they have a limit.</summary>
internal static class RowText
{
    private const int MaxLength = 80;

    /// <summary>At most 80 characters of a text.</summary>
    public static string Short(string text) => text.Length <= MaxLength ? text : string.Concat(text.AsSpan(0, MaxLength - 1), "…");

    /// <summary>At most 80 characters of a text, if there is one.</summary>
    public static string? ShortOrNull(string? text) => text is null ? null : Short(text);

    /// <summary>Name of a state or cause, as the control API writes it.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(Enum.GetName(value) ?? value.ToString());

    /// <summary>Name of a reason in words.</summary>
    public static string Words<T>(T value)
        where T : struct, Enum => Of(value).Replace('_', ' ');
}
