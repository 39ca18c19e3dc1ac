using System.Diagnostics.CodeAnalysis;
using Atm0s.Sip.Hooks.Routing;

namespace Atm0s.Sip.Configuration.Formats;

/// <summary>An address or a CIDR block, as text.</summary>
internal sealed class NetworkFormat() : ValueFormat<string>(ValueKind.Network)
{
    public override string Advice => "an address or a CIDR block, for example 192.0.2.7 or 192.0.2.0/24";

    public override bool TryRead(string text, [MaybeNullWhen(false)] out string value)
    {
        value = text.Trim();
        try
        {
            _ = new NetworkSet(value);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    public override string Write(string value) => value;
}
