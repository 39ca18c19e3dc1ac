using System.Net;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Serialization;

/// <summary>The first Via of a response: that of the request, with received and rport filled in (RFC 3261 §18.2.1, RFC 3581 §4).</summary>
internal static class ResponseVia
{
    /// <summary>Writes a Via field whose first value is the top one.</summary>
    /// <param name="writer">Gets the bytes.</param>
    /// <param name="request">The request.</param>
    /// <param name="value">Value of its first Via field.</param>
    public static void Write(in SipWriter writer, SipMessage request, ReadOnlySpan<byte> value)
    {
        // One that could not be read, or not whole, goes back as it came.
        if (request.RemoteEndPoint is not { } source || !request.TopViaParts.IsRead)
        {
            writer.Value(value);
            return;
        }

        var via = request.TopVia;
        var top = request.Slice(request.TopViaRange);
        Span<byte> buffer = stackalloc byte[80];
        var address = Format(source.Address, buffer);
        writer.Value(SipChars.Trim(top[..^via.Parameters.Length]));
        WriteOwn(writer, via, out var hasRport);
        // RFC 3261 §18.2.1: received when sent-by is not the source; RFC 3581 §4: always with rport.
        if (hasRport || !SipChars.EqualsIgnoreCase(via.Host, address))
        {
            writer.Value(";received="u8);
            writer.Value(address);
        }

        if (hasRport)
        {
            writer.Value(";rport="u8);
            writer.Value((uint)source.Port);
        }

        // Further values, and the white space around them.
        if (value.Length > top.Length)
            writer.Value(value[SipHeaderValues.EndOfValue(value)..]);
    }

    // received and rport are the server's to fill in: what the client wrote there is not taken over.
    private static void WriteOwn(in SipWriter writer, ViaView via, out bool hasRport)
    {
        hasRport = false;
        var rest = via.Parameters;
        while (true)
        {
            var before = SipChars.Trim(rest);
            if (!SipParameters.TryNext(ref rest, out var name, out _, out _))
                return;
            if (SipChars.EqualsIgnoreCase(name, "rport"u8))
                hasRport = true;
            else if (!SipChars.EqualsIgnoreCase(name, "received"u8))
                writer.Value(SipChars.Trim(before[..(before.Length - rest.Length)]));
        }
    }

    // via-received = "received" EQUAL (IPv4address / IPv6address): no scope, no brackets, and an IPv4 address that came in through an IPv6
    // socket as itself.
    private static ReadOnlySpan<byte> Format(IPAddress address, Span<byte> buffer)
    {
        address.TryFormat(buffer, out var length);
        ReadOnlySpan<byte> text = buffer[..length];
        if (address.IsIPv4MappedToIPv6)
            return text[(text.LastIndexOf((byte)':') + 1)..];
        var scope = text.IndexOf((byte)'%');
        return scope < 0 ? text : text[..scope];
    }
}
