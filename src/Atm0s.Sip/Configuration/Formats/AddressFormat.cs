using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Atm0s.Sip.Configuration.Formats;

/// <summary>An IP address, or none.</summary>
internal sealed class AddressFormat() : ValueFormat<IPAddress?>(ValueKind.Address)
{
    public override string Advice => "an IP address, for example 203.0.113.7";

    public override bool IsOptional => true;

    // What IPAddress takes for an address, and nobody means: "7" is 0.0.0.7, "10.1" is 10.0.0.1.
    public override bool TryRead(string text, [MaybeNullWhen(false)] out IPAddress? value) =>
        IPAddress.TryParse(text.Trim(), out value) && (text.Contains(':', StringComparison.Ordinal) || text.AsSpan().Count('.') == 3);

    public override string Write(IPAddress? value) => value?.ToString() ?? "";
}
