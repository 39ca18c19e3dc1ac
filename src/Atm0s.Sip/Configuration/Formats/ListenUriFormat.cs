using System.Diagnostics.CodeAnalysis;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Configuration.Formats;

/// <summary>A transport and where it listens, in one.</summary>
internal sealed class ListenUriFormat() : ValueFormat<string>(ValueKind.Text)
{
    public override string Advice => "an address to listen at, for example udp://0.0.0.0:5060";

    public override bool TryRead(string text, [MaybeNullWhen(false)] out string value)
    {
        value = text.Trim();
        try
        {
            _ = SipListenerOptions.Parse(value);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    public override string Write(string value) => value;
}
