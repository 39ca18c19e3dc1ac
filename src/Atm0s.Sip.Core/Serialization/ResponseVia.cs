using System.Net;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Serialization;

/// <summary>The first Via of a response: that of the request, with received and rport filled in (RFC 3261 §18.2.1, RFC 3581 §4).</summary>
internal static class ResponseVia
{
    /// <summary>Writes a Via field whose first value is the top one.</summary>
    public static void Write(in SipWriter writer, ReadOnlySpan<byte> value, IPEndPoint? source)
    {
        var end = SipHeaderValues.EndOfValue(value);
        var top = SipChars.Trim(value[..end]);
        if (source is null || !ViaView.TryParse(top, out var via))
        {
            writer.Value(value);
            return;
        }

        Span<byte> buffer = stackalloc byte[80];
        var address = Format(source.Address, buffer);
        writer.Value(SipChars.Trim(top[..^via.Parameters.Length]));
        WriteOwn(writer, via);
        // RFC 3261 §18.2.1: received when sent-by is not the source; RFC 3581 §4: always with rport.
        if (via.HasRport || !SipChars.EqualsIgnoreCase(via.Host, address))
        {
            writer.Value(";received="u8);
            writer.Value(address);
        }

        if (via.HasRport)
        {
            writer.Value(";rport="u8);
            writer.Value((uint)source.Port);
        }

        writer.Value(value[end..]);
    }

    // received and rport are the server's to fill in: what the client wrote there is not taken over.
    private static void WriteOwn(in SipWriter writer, ViaView via)
    {
        var rest = via.Parameters;
        while (true)
        {
            var before = SipChars.Trim(rest);
            if (!SipParameters.TryNext(ref rest, out var name, out _, out _))
                return;
            if (!SipChars.EqualsIgnoreCase(name, "rport"u8) && !SipChars.EqualsIgnoreCase(name, "received"u8))
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
