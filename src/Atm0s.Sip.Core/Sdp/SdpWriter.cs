using System.Runtime.CompilerServices;
using System.Text;

namespace Atm0s.Sip.Core.Sdp;

/// <summary>Writes session descriptions (RFC 8866 §5).</summary>
public static class SdpWriter
{
    private const int MaxKept = 4096;

    [ThreadStatic]
    private static StringBuilder? t_text;

    /// <summary>Writes a description.</summary>
    /// <exception cref="ArgumentException">A value holds CR, LF or NUL.</exception>
    public static byte[] ToBytes(SessionDescription description)
    {
        var text = t_text ?? new StringBuilder(1024);
        t_text = null;
        try
        {
            Write(text, description);
            return ToBytes(text);
        }
        finally
        {
            // A long one is not kept: nor is what was written before something could not be.
            if (text.Capacity <= MaxKept)
                t_text = text.Clear();
        }
    }

    private static void Write(StringBuilder text, SessionDescription description)
    {
        var o = description.Origin;
        text.Append("v=0\r\n");
        Append(text, $"o={Checked(o.Username)} {Checked(o.SessionId)} {Checked(o.SessionVersion)}");
        Append(text, $" IN {Checked(o.AddressType)} {Checked(o.Address)}\r\n");
        Append(text, $"s={Checked(description.SessionName)}\r\n");
        if (description.Connection is { } connection)
            Connection(text, connection);
        Append(text, $"t={Checked(description.Timing)}\r\n");
        if (description.Direction is { } direction)
            Append(text, $"a={direction.ToAttribute()}\r\n");
        Attributes(text, description.Attributes);
        foreach (var media in description.Media)
            Media(text, media);
    }

    private static byte[] ToBytes(StringBuilder text)
    {
        // As a rule all of it lies in one piece.
        foreach (var piece in text.GetChunks())
        {
            if (piece.Length != text.Length)
                break;
            var bytes = new byte[Encoding.UTF8.GetByteCount(piece.Span)];
            Encoding.UTF8.GetBytes(piece.Span, bytes);
            return bytes;
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Media(StringBuilder text, MediaDescription media)
    {
        Append(text, $"m={Checked(media.Type)} {media.Port} {Checked(media.Protocol)}");
        foreach (var token in media.FormatTokens)
            text.Append(' ').Append(Checked(token));
        // A line without formats has the blank behind its profile all the same.
        text.Append(media.FormatTokens.Count == 0 ? " \r\n" : "\r\n");
        if (media.Connection is { } connection)
            Connection(text, connection);
        foreach (var format in media.Formats)
            Format(text, format);
        if (media.PacketTime is { } time)
            Append(text, $"a=ptime:{time}\r\n");
        if (media.MaxPacketTime is { } longest)
            Append(text, $"a=maxptime:{longest}\r\n");
        if (media.RtcpPort is { } rtcp)
            Append(text, $"a=rtcp:{rtcp}\r\n");
        if (media.RtcpMux)
            text.Append("a=rtcp-mux\r\n");
        if (media.Direction is { } direction)
            Append(text, $"a={direction.ToAttribute()}\r\n");
        Attributes(text, media.Attributes);
    }

    private static void Format(StringBuilder text, SdpFormat format)
    {
        if (format.Name.Length > 0)
        {
            Append(text, $"a=rtpmap:{format.PayloadType} {Checked(format.Name)}/{format.ClockRate}");
            if (format.Channels > 1)
                Append(text, $"/{format.Channels}");
            text.Append("\r\n");
        }

        if (format.Parameters is { } parameters)
            Append(text, $"a=fmtp:{format.PayloadType} {Checked(parameters)}\r\n");
    }

    private static void Connection(StringBuilder text, string address) =>
        Append(text, $"c=IN {(address.Contains(':', StringComparison.Ordinal) ? "IP6" : "IP4")} {Checked(address)}\r\n");

    private static void Attributes(StringBuilder text, IReadOnlyList<SdpAttribute> attributes)
    {
        for (var i = 0; i < attributes.Count; i++)
        {
            var attribute = attributes[i];
            text.Append("a=").Append(Checked(attribute.Name));
            if (attribute.Value is { } value)
                text.Append(':').Append(Checked(value));
            text.Append("\r\n");
        }
    }

    private static void Append(
        StringBuilder text,
        [InterpolatedStringHandlerArgument(nameof(text))] ref StringBuilder.AppendInterpolatedStringHandler line) =>
        text.Append(ref line);

    private static string Checked(string value) => value.AsSpan().ContainsAny('\r', '\n', '\0')
        ? throw new ArgumentException("A value that goes into a session description must not hold CR, LF or NUL.")
        : value;
}
