namespace Atm0s.Sip.LoadGenerator.Wire;

/// <summary>What a 401 or 407 asks for, as bytes of the response.</summary>
internal readonly ref struct Challenge
{
    private Challenge(ReadOnlySpan<byte> value, bool isProxy)
    {
        IsProxy = isProxy;
        Realm = SipReader.Parameter(value, "realm="u8);
        Nonce = SipReader.Parameter(value, "nonce="u8);
        Opaque = SipReader.Parameter(value, "opaque="u8);
        HasQop = SipReader.Parameter(value, "qop="u8).IndexOf("auth"u8) >= 0;
    }

    public bool IsProxy { get; }

    public ReadOnlySpan<byte> Realm { get; }

    public ReadOnlySpan<byte> Nonce { get; }

    public ReadOnlySpan<byte> Opaque { get; }

    public bool HasQop { get; }

    /// <summary>Finds the first challenge that wants MD5.</summary>
    public static bool TryFind(ReadOnlySpan<byte> message, out Challenge challenge)
    {
        var isProxy = SipReader.Status(message) == 407;
        var at = 0;
        var name = isProxy ? "Proxy-Authenticate"u8 : "WWW-Authenticate"u8;
        while (SipReader.NextHeader(message, ref at, name) is { Length: > 0 } value)
        {
            var algorithm = SipReader.Parameter(value, "algorithm="u8);
            if (algorithm.Length > 0 && !System.Text.Ascii.EqualsIgnoreCase(algorithm, "MD5"u8))
                continue;
            challenge = new Challenge(value, isProxy);
            return challenge.Nonce.Length > 0;
        }

        challenge = default;
        return false;
    }
}
