using System.Buffers;

namespace Atm0s.Sip.Core.Messages.Fields;

/// <summary>The header fields embedded in a URI: <c>?Replaces=a%40b&amp;Subject=x</c> (RFC 3261 §19.1.1, §19.1.5).</summary>
internal static class UriHeaders
{
    // unreserved and hnv-unreserved of RFC 3261 §25.1
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()[]/?:+$"u8);

    /// <summary>Takes the next header off the front; name and value are still escaped.</summary>
    public static bool TryNext(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'&');
            var header = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            var equal = header.IndexOf((byte)'=');
            if (equal <= 0)
                continue;
            name = header[..equal];
            value = header[(equal + 1)..];
            return true;
        }

        name = value = default;
        return false;
    }

    /// <summary>The value of the first header of a name, unescaped; null when there is none, or it holds a control character.</summary>
    public static byte[]? Find(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> name)
    {
        while (TryNext(ref headers, out var found, out var value))
        {
            if (SipChars.EqualsIgnoreCase(Unescape(found), name))
                return Unescape(value) is var bytes && !bytes.AsSpan().ContainsAny(SipChars.Control) ? bytes : null;
        }

        return null;
    }

    /// <summary>How many headers there are.</summary>
    public static int Count(ReadOnlySpan<byte> headers)
    {
        var count = 0;
        while (TryNext(ref headers, out _, out _))
            count++;
        return count;
    }

    /// <summary>
    /// RFC 3261 §19.1.5: whether a header may be put into the request made from the URI: none that forges the request, its route or what
    /// we say of ourselves, and no body. Unknown ones may, for systems pass their own so.
    /// </summary>
    /// <param name="name">The name, unescaped.</param>
    public static bool MayHonor(ReadOnlySpan<byte> name) => SipChars.IsToken(name) && SipHeaderNames.Find(name) switch
    {
        SipHeaderId.Other => !SipChars.EqualsIgnoreCase(name, "body"u8),
        SipHeaderId.Replaces or SipHeaderId.Subject or SipHeaderId.CallInfo or SipHeaderId.InReplyTo or SipHeaderId.Priority
            or SipHeaderId.ReplyTo or SipHeaderId.ReferredBy or SipHeaderId.AlertInfo or SipHeaderId.TargetDialog => true,
        _ => false,
    };

    /// <summary>Decodes %HH once; a percent sign that begins no escape stays.</summary>
    public static byte[] Unescape(ReadOnlySpan<byte> escaped)
    {
        var bytes = escaped.ToArray();
        var length = 0;
        for (var i = 0; i < escaped.Length; i++, length++)
        {
            if (escaped[i] == '%' && i + 2 < escaped.Length && SipEscapes.Hex(escaped[i + 1]) is >= 0 and var high
                && SipEscapes.Hex(escaped[i + 2]) is >= 0 and var low)
            {
                bytes[length] = (byte)((high << 4) | low);
                i += 2;
            }
            else
            {
                bytes[length] = escaped[i];
            }
        }

        return bytes[..length];
    }

    /// <summary>Encodes a value for a URI header.</summary>
    public static string Escape(ReadOnlySpan<byte> value)
    {
        var text = new System.Text.StringBuilder(value.Length + 16);
        foreach (var b in value)
        {
            if (Plain.Contains(b))
                text.Append((char)b);
            else
                text.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
