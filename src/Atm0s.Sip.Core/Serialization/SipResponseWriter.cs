using System.Globalization;
using System.Net;
using System.Text;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Serialization;

/// <summary>The part that every response has in common with its request (RFC 3261 §8.2.6).</summary>
public static class SipResponseWriter
{
    /// <summary>
    /// Writes the status line and the fields a response takes over: all Vias with received and rport filled into the first (RFC 3261 §18.2.1, RFC 3581 §4), From, To
    /// with our tag, Call-ID, CSeq, Timestamp for 100, and Record-Route where it makes a dialog (§12.1.1). Go on with more fields and end the message.
    /// </summary>
    /// <param name="writer">Gets the bytes.</param>
    /// <param name="request">The request; a refused one too, of which what is there is taken over.</param>
    /// <param name="status">100 to 699.</param>
    /// <param name="reason">Reason phrase, or null for the standard one.</param>
    /// <param name="toTag">Our tag; added when To has none and the status is not 100.</param>
    public static void Begin(in SipWriter writer, SipMessage request, int status, string? reason, string? toTag)
    {
        writer.StatusLine(status, reason);
        WriteVias(writer, request);
        if (MakesDialog(request, status))
            writer.CopyHeaders(request, SipHeaderId.RecordRoute);
        WriteFirst(writer, request, SipHeaderId.From);
        WriteTo(writer, request, status, toTag);
        WriteFirst(writer, request, SipHeaderId.CallId);
        WriteFirst(writer, request, SipHeaderId.CSeq);
        // RFC 3261 §8.2.6.1
        if (status == 100)
            WriteFirst(writer, request, SipHeaderId.Timestamp);
    }

    /// <summary>Makes a response without further fields and without a body.</summary>
    public static byte[] Create(SipMessage request, int status, string? reason, string? toTag)
    {
        using var buffer = new PooledBufferWriter();
        var writer = new SipWriter(buffer);
        Begin(writer, request, status, reason, toTag);
        writer.End();
        return buffer.WrittenSpan.ToArray();
    }

    private static bool MakesDialog(SipMessage request, int status) =>
        request.Method is SipMethod.Invite or SipMethod.Subscribe or SipMethod.Refer or SipMethod.Notify && status is > 100 and < 300;

    private static void WriteVias(in SipWriter writer, SipMessage request)
    {
        var top = true;
        for (var i = 0; i < request.HeaderCount; i++)
        {
            var field = request.GetHeader(i);
            if (field.Id != SipHeaderId.Via)
                continue;
            writer.BeginHeader(SipHeaderId.Via);
            if (top)
                WriteTopVia(writer, field.Value, request.RemoteEndPoint);
            else
                writer.Value(field.Value);
            writer.EndHeader();
            top = false;
        }
    }

    private static void WriteTopVia(in SipWriter writer, ReadOnlySpan<byte> value, IPEndPoint? source)
    {
        var end = SipHeaderValues.EndOfValue(value);
        var top = value[..end];
        if (source is null || !ViaView.TryParse(top, out var via))
        {
            writer.Value(value);
            return;
        }

        var address = source.Address.IsIPv4MappedToIPv6 ? source.Address.MapToIPv4() : source.Address;
        var text = address.ToString();
        var isSame = Encoding.ASCII.GetString(via.Host) == text;
        writer.Value(via.HasRport ? WithoutRport(top, via) : SipChars.Trim(top));
        // RFC 3261 §18.2.1: received when sent-by is not the source; RFC 3581 §4: always with rport.
        if (via.Received.IsEmpty && (!isSame || via.HasRport))
        {
            writer.Value(";received="u8);
            writer.Value(text);
        }

        if (via.HasRport)
        {
            writer.Value(";rport="u8);
            writer.Value((uint)source.Port);
        }

        writer.Value(value[end..]);
    }

    private static byte[] WithoutRport(ReadOnlySpan<byte> top, ViaView via)
    {
        using var kept = new PooledBufferWriter(top.Length + 16);
        var head = top[..^via.Parameters.Length];
        kept.Append(SipChars.Trim(head));
        var rest = via.Parameters;
        while (true)
        {
            var before = SipChars.Trim(rest);
            if (!SipParameters.TryNext(ref rest, out var name, out _, out _))
                break;
            var parameter = before[..(before.Length - rest.Length)];
            if (!SipChars.EqualsIgnoreCase(name, "rport"u8))
                kept.Append(SipChars.Trim(parameter));
        }

        return kept.WrittenSpan.ToArray();
    }

    private static void Append(this PooledBufferWriter buffer, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(buffer.GetSpan(bytes.Length));
        buffer.Advance(bytes.Length);
    }

    private static void WriteTo(in SipWriter writer, SipMessage request, int status, string? toTag)
    {
        if (!request.TryGetHeader(SipHeaderId.To, out var to))
            return;
        writer.BeginHeader(SipHeaderId.To);
        writer.Value(to);
        if (status != 100 && toTag is not null && request.ToTag.IsEmpty && request.Refusal is not (SipRefusal.BadTo or SipRefusal.DuplicateHeader))
        {
            writer.Value(";tag="u8);
            writer.Value(toTag);
        }

        writer.EndHeader();
    }

    private static void WriteFirst(in SipWriter writer, SipMessage request, SipHeaderId id)
    {
        if (request.TryGetHeader(id, out var value))
            writer.Header(id, value);
    }
}
