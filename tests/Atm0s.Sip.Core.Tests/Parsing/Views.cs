using System.Text;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Tests.Parsing;

/// <summary>Views that must parse.</summary>
internal static class Views
{
    public static NameAddressView Name(ReadOnlySpan<byte> value)
    {
        if (!NameAddressView.TryParse(value, out var view))
            throw new AssertionException($"No name-addr: {Text(value)}");
        return view;
    }

    public static SipUriView Uri(ReadOnlySpan<byte> value)
    {
        if (!SipUriView.TryParse(value, out var view))
            throw new AssertionException($"No URI: {Text(value)}");
        return view;
    }

    public static ViaView Via(ReadOnlySpan<byte> value)
    {
        if (!ViaView.TryParse(value, out var view))
            throw new AssertionException($"No Via: {Text(value)}");
        return view;
    }

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
