using System.Buffers;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Serialization;

namespace Atm0s.Sip.Core.Requests;

/// <summary>Writes <c>"name" &lt;uri&gt;;tag=x</c> (RFC 3261 §20.10, §25.1).</summary>
internal static class AddressHeader
{
    /// <param name="writer">Where to write.</param>
    /// <param name="id">From, To, Contact or Route.</param>
    /// <param name="quotedName">Display name as it stands on the wire (quoted, or tokens), or empty.</param>
    /// <param name="uri">URI without angle brackets.</param>
    /// <param name="tag">Tag, or empty for none.</param>
    internal static void Write(
        ref SipWriter writer, SipHeaderId id, ReadOnlySpan<byte> quotedName, ReadOnlySpan<byte> uri, ReadOnlySpan<byte> tag)
    {
        var length = quotedName.Length + uri.Length + tag.Length + " <>;tag=".Length;
        byte[]? rented = null;
        var value = length <= 512 ? stackalloc byte[512] : rented = ArrayPool<byte>.Shared.Rent(length);
        var at = 0;
        if (!quotedName.IsEmpty)
        {
            quotedName.CopyTo(value);
            at = quotedName.Length;
            value[at++] = (byte)' ';
        }

        value[at++] = (byte)'<';
        uri.CopyTo(value[at..]);
        at += uri.Length;
        value[at++] = (byte)'>';
        if (!tag.IsEmpty)
        {
            ";tag="u8.CopyTo(value[at..]);
            at += 5;
            tag.CopyTo(value[at..]);
            at += tag.Length;
        }

        try
        {
            writer.Header(id, value[..at]);
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
