using System.Text;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Authentication;

/// <summary>Reads <c>Digest name=value, name="quoted value", ...</c> (RFC 7616 §3.3, §3.4).</summary>
internal ref struct DigestParameters
{
    private const int MaxParameters = 32;

    private ReadOnlySpan<byte> _rest;
    private int _count;
    private int _seen;

    private DigestParameters(ReadOnlySpan<byte> rest) => _rest = rest;

    public DigestParameter Id { get; private set; }

    /// <summary>The value without quotes; escapes are still in it.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>False when the scheme is not Digest.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> value, out DigestParameters parameters)
    {
        value = SipChars.Trim(value);
        var isDigest = value.Length > 7 && SipChars.EqualsIgnoreCase(value[..6], "Digest"u8) && SipChars.IsWhite(value[6]);
        parameters = isDigest ? new DigestParameters(value[7..]) : default;
        return isDigest;
    }

    /// <summary>
    /// Goes on to the next parameter. False at the end, and at anything malformed: then <paramref name="valid"/> is false.
    /// </summary>
    public bool MoveNext(out bool valid)
    {
        valid = true;
        _rest = SipChars.Trim(_rest);
        while (!_rest.IsEmpty && _rest[0] == ',')
            _rest = SipChars.Trim(_rest[1..]);
        if (_rest.IsEmpty)
            return false;
        valid = false;
        var equal = _rest.IndexOf((byte)'=');
        if (equal < 0 || ++_count > MaxParameters)
            return false;
        var name = SipChars.Trim(_rest[..equal]);
        if (!SipChars.IsToken(name))
            return false;
        // RFC 7235 §2.1: each parameter once. Of two user names somebody else may take the other.
        Id = Find(name);
        if (Id != DigestParameter.Other && (_seen & (1 << (int)Id)) != 0)
            return false;
        _seen |= 1 << (int)Id;
        _rest = SipChars.Trim(_rest[(equal + 1)..]);
        if (!_rest.IsEmpty && _rest[0] == '"')
        {
            var end = SipChars.EndOfQuoted(_rest, 0);
            if (end < 0)
                return false;
            Value = _rest[1..(end - 1)];
            _rest = SipChars.Trim(_rest[end..]);
        }
        else
        {
            var comma = _rest.IndexOf((byte)',');
            Value = SipChars.Trim(comma < 0 ? _rest : _rest[..comma]);
            _rest = comma < 0 ? default : _rest[comma..];
        }

        valid = _rest.IsEmpty || _rest[0] == ',';
        return valid;
    }

    /// <summary>The value with its escapes undone.</summary>
    public readonly string Text
    {
        get
        {
            var text = Encoding.UTF8.GetString(Value);
            if (!text.Contains('\\', StringComparison.Ordinal))
                return text;
            var plain = new StringBuilder(text.Length);
            for (var i = 0; i < text.Length; i++)
                plain.Append(text[i] == '\\' && i + 1 < text.Length ? text[++i] : text[i]);
            return plain.ToString();
        }
    }

    /// <summary>The value as bytes with its escapes undone: a part of the message, or a copy when there are some.</summary>
    public readonly ReadOnlySpan<byte> Plain
    {
        get
        {
            if (!Value.Contains((byte)'\\'))
                return Value;
            var plain = new byte[Value.Length];
            var length = 0;
            for (var i = 0; i < Value.Length; i++)
                plain[length++] = Value[i] == '\\' && i + 1 < Value.Length ? Value[++i] : Value[i];
            return plain.AsSpan(0, length);
        }
    }

    private static DigestParameter Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when SipChars.EqualsIgnoreCase(name, "nc"u8) => DigestParameter.NonceCount,
        3 when SipChars.EqualsIgnoreCase(name, "uri"u8) => DigestParameter.Uri,
        3 when SipChars.EqualsIgnoreCase(name, "qop"u8) => DigestParameter.Qop,
        5 when SipChars.EqualsIgnoreCase(name, "realm"u8) => DigestParameter.Realm,
        5 when SipChars.EqualsIgnoreCase(name, "nonce"u8) => DigestParameter.Nonce,
        5 when SipChars.EqualsIgnoreCase(name, "stale"u8) => DigestParameter.Stale,
        6 when SipChars.EqualsIgnoreCase(name, "cnonce"u8) => DigestParameter.Cnonce,
        6 when SipChars.EqualsIgnoreCase(name, "opaque"u8) => DigestParameter.Opaque,
        8 when SipChars.EqualsIgnoreCase(name, "username"u8) => DigestParameter.Username,
        8 when SipChars.EqualsIgnoreCase(name, "response"u8) => DigestParameter.Response,
        9 when SipChars.EqualsIgnoreCase(name, "algorithm"u8) => DigestParameter.Algorithm,
        _ => DigestParameter.Other,
    };
}
