using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Ways;

/// <summary>Addresses of messages as the host sees them.</summary>
internal static class HostAddress
{
    /// <summary>Reads one value of From, P-Asserted-Identity and the like; null when it is nothing that can be told.</summary>
    public static SipAddress? Read(ReadOnlySpan<byte> value) => NameAddressView.TryParse(value, out var address) ? Read(address) : null;

    /// <summary>Takes an address over; null when it is nothing that can be told.</summary>
    public static SipAddress? Read(NameAddressView address) =>
        SipUriView.TryParse(address.Uri, out var uri) && uri.Scheme != SipUriScheme.Other
            ? Make(Encoding.UTF8.GetString(address.Uri), NameOf(address.DisplayName), SipNumbers.Of(uri)) : null;

    /// <summary>Makes the address of a number; null when it is nothing that can be told.</summary>
    public static SipAddress? Create(string number, string host) => Make(SipUri.Create(number, host).ToString(), null, number);

    private static SipAddress? Make(string uri, string? name, string number)
    {
        try
        {
            return new SipAddress(uri, name) { Number = number };
        }
        catch (ArgumentException)
        {
            // Longer than anybody's address is.
            return null;
        }
    }

    // RFC 3261 §25.1: quoted-pair. What can't be printed is left out.
    private static string? NameOf(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
            return null;
        var text = new StringBuilder(name.Length);
        var escaped = false;
        foreach (var c in Encoding.UTF8.GetString(name))
        {
            if (c == '\\' && !escaped)
            {
                escaped = true;
                continue;
            }

            escaped = false;
            if (!PlainText.IsUnsafe(c) && text.Length < 256)
                text.Append(c);
        }

        return text.Length == 0 ? null : text.ToString();
    }
}
