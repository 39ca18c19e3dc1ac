using System.Diagnostics.CodeAnalysis;

namespace Atm0s.Sip.Configuration.Formats;

/// <summary>Any text.</summary>
/// <param name="optional">Whether an empty one means none.</param>
/// <param name="what">What it is, for messages.</param>
internal sealed class TextFormat(bool optional, string what = "a text") : ValueFormat<string?>(ValueKind.Text)
{
    public override string Advice => what;

    public override bool IsOptional => optional;

    public override bool TryRead(string text, [MaybeNullWhen(false)] out string? value)
    {
        value = text;
        return true;
    }

    public override string Write(string? value) => value ?? "";
}
