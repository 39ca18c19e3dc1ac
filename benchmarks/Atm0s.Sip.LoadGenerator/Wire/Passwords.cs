using System.Security.Cryptography;
using System.Text;

namespace Atm0s.Sip.LoadGenerator.Wire;

/// <summary>
/// Answers challenges with MD5 (RFC 2617 §3.2.2), as most phones do. What depends on user and realm alone is computed once.
/// </summary>
/// <param name="password">The password of a user name.</param>
internal sealed class Passwords(Func<string, string> password)
{
    private readonly Dictionary<int, byte[]> _ha1 = [];
    private readonly byte[] _text = new byte[1024];
    private byte[] _realm = [];

    /// <summary>The name of a user.</summary>
    public static string Name(int user) => $"u{user.ToString("000000", Culture.Invariant)}";

    /// <summary>Writes the Authorization or Proxy-Authorization header.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="challenge">What was asked.</param>
    /// <param name="user">Who answers.</param>
    /// <param name="method">Of the request.</param>
    /// <param name="uri">The Request-URI.</param>
    /// <param name="wrong">Answers as somebody would who does not know the password.</param>
    public void Write(
        SipWriter writer, Challenge challenge, int user, ReadOnlySpan<byte> method, ReadOnlySpan<byte> uri, bool wrong = false)
    {
        Span<byte> ha2 = stackalloc byte[32];
        Span<byte> response = stackalloc byte[32];
        Hash(ha2, method, uri, default, default);
        Hash(response, wrong ? ha2 : Ha1(user, challenge.Realm), challenge.Nonce, challenge.HasQop ? "00000001:6c67:auth"u8 : default, ha2);
        writer.Text(challenge.IsProxy ? "Proxy-Authorization"u8 : "Authorization"u8)
            .Text(": Digest username=\"u"u8).Padded(user).Text("\", realm=\""u8).Text(challenge.Realm)
            .Text("\", nonce=\""u8).Text(challenge.Nonce).Text("\", uri=\""u8).Text(uri)
            .Text("\", response=\""u8).Text(response).Text("\", algorithm=MD5"u8);
        if (challenge.Opaque.Length > 0)
            writer.Text(", opaque=\""u8).Text(challenge.Opaque).Text("\""u8);
        if (challenge.HasQop)
            writer.Text(", qop=auth, nc=00000001, cnonce=\"6c67\""u8);
        writer.Text("\r\n"u8);
    }

    private byte[] Ha1(int user, ReadOnlySpan<byte> realm)
    {
        if (!realm.SequenceEqual(_realm))
        {
            _realm = realm.ToArray();
            _ha1.Clear();
        }

        if (_ha1.TryGetValue(user, out var known))
            return known;
        var name = Name(user);
        var ha1 = new byte[32];
        Hash(ha1, Encoding.UTF8.GetBytes(name), realm, Encoding.UTF8.GetBytes(password(name)), default);
        return _ha1[user] = ha1;
    }

    // MD5 of the parts with colons between them, in hexadecimal digits.
    private void Hash(Span<byte> digits, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, ReadOnlySpan<byte> d)
    {
        var length = 0;
        Append(a, ref length);
        Append(b, ref length);
        Append(c, ref length);
        Append(d, ref length);
        Span<byte> hash = stackalloc byte[16];
#pragma warning disable CA5351 // MD5 is what the protocol says.
        MD5.HashData(_text.AsSpan(0, length), hash);
#pragma warning restore CA5351
        Convert.TryToHexStringLower(hash, digits, out _);
    }

    private void Append(ReadOnlySpan<byte> part, ref int length)
    {
        if (part.IsEmpty)
            return;
        if (length > 0)
            _text[length++] = (byte)':';
        part.CopyTo(_text.AsSpan(length));
        length += part.Length;
    }
}
