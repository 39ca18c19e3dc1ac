using System.Buffers;

namespace Atm0s.Sip.Core.Messages;

/// <summary>
/// The plain number or name that a URI stands for: the user part without the parameters of a telephone number (RFC 3261 §19.1.6, RFC 3966
/// §3, RFC 4694) and without its visual separators. Control characters, and what turns the direction of writing, stay escaped in it.
/// </summary>
public static class SipNumbers
{
    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789*#+"u8);
    private static readonly SearchValues<byte> DigitsAndSeparators = SearchValues.Create("0123456789*#+-.()"u8);

    /// <summary>The number of a URI, unescaped; empty when it is no URI or has no user part.</summary>
    /// <param name="uri">A sip, sips or tel URI without angle brackets.</param>
    public static string Of(ReadOnlySpan<byte> uri) => SipUriView.TryParse(uri, out var view) ? Of(view) : "";

    /// <summary>The number of a URI, unescaped; empty when it has no user part.</summary>
    /// <param name="uri">A sip, sips or tel URI.</param>
    public static string Of(SipUriView uri)
    {
        var isPhone = uri.Scheme == SipUriScheme.Tel
            || (uri.TryGetParameter("user"u8, out var kind) && SipChars.EqualsIgnoreCase(kind, "phone"u8));
        var semicolon = uri.User.IndexOf((byte)';');
        var number = semicolon < 0 ? uri.User : uri.User[..semicolon];
        // Gateways send npdi and rn without saying user=phone, too; a name may hold a semicolon, a number does not.
        if (!isPhone && (semicolon < 0 || number.IsEmpty || number.ContainsAnyExcept(DigitsAndSeparators)))
            return Plain(uri.User);
        return WithoutSeparators(Plain(number));
    }

    // A number names a room, stands in events and in the log: what is no text stays escaped in it.
    private static string Plain(ReadOnlySpan<byte> user) => PlainText.KeepEscaped(SipEscapes.Unescape(user));

    // RFC 3966 §5.1.1: - . ( ) are there for the eye. Letters are no number, and stay as they are.
    private static string WithoutSeparators(string number)
    {
        foreach (var c in number)
        {
            if (c > 0x7F || !DigitsAndSeparators.Contains((byte)c))
                return number;
        }

        return string.Concat(number.Where(c => Digits.Contains((byte)c)));
    }
}
