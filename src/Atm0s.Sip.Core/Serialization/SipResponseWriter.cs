using System.Text;
using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Core.Serialization;

/// <summary>The part that every response has in common with its request (RFC 3261 §8.2.6).</summary>
public static class SipResponseWriter
{
    /// <summary>
    /// Writes the status line and the fields a response takes over: all Vias with received and rport filled into the first (RFC 3261
    /// §18.2.1, RFC 3581 §4), From, To
    /// with our tag, Call-ID, CSeq, Timestamp for 100, and Record-Route where it makes a dialog (§12.1.1). Go on with more fields and end
    /// the message.
    /// </summary>
    /// <param name="writer">Gets the bytes.</param>
    /// <param name="request">The request; a refused one too, of which what is there is taken over.</param>
    /// <param name="status">100 to 699.</param>
    /// <param name="reason">Reason phrase, or null for the standard one.</param>
    /// <param name="toTag">Our tag; added when To has none and the status is not 100.</param>
    public static void Begin(in SipWriter writer, SipMessage request, int status, string? reason, string? toTag)
    {
        if (toTag is null)
        {
            BeginTagged(writer, request, status, reason, default);
            return;
        }

        Span<byte> buffer = stackalloc byte[64];
        if (!Encoding.UTF8.TryGetBytes(toTag, buffer, out var length))
        {
            buffer = Encoding.UTF8.GetBytes(toTag);
            length = buffer.Length;
        }

        BeginTagged(writer, request, status, reason, buffer[..length]);
    }

    /// <summary>Makes a response without further fields and without a body.</summary>
    public static byte[] Create(SipMessage request, int status, string? reason, string? toTag)
    {
        using var buffer = PooledBufferWriter.Rent();
        var writer = new SipWriter(buffer);
        Begin(writer, request, status, reason, toTag);
        writer.End();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>As <see cref="Begin"/>, with our tag as bytes; empty for none.</summary>
    internal static void BeginTagged(
        in SipWriter writer, SipMessage request, int status, string? reason, scoped ReadOnlySpan<byte> toTag)
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
                ResponseVia.Write(writer, request, field.Value);
            else
                writer.Value(field.Value);
            writer.EndHeader();
            top = false;
        }
    }

    private static void WriteTo(in SipWriter writer, SipMessage request, int status, scoped ReadOnlySpan<byte> toTag)
    {
        if (!request.TryGetHeader(SipHeaderId.To, out var to))
            return;
        writer.BeginHeader(SipHeaderId.To);
        writer.Value(to);
        // RFC 3261 §8.2.6.2. Behind a To that cannot be read a tag would be read no better.
        if (status != 100 && !toTag.IsEmpty && request.ToTag.IsEmpty && !request.To.Uri.IsEmpty)
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
