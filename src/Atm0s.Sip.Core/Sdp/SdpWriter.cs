using System.Globalization;
using System.Text;

namespace Atm0s.Sip.Core.Sdp;

/// <summary>Writes session descriptions (RFC 8866 §5).</summary>
public static class SdpWriter
{
    /// <summary>Writes a description.</summary>
    /// <exception cref="ArgumentException">A value holds CR, LF or NUL.</exception>
    public static byte[] ToBytes(SessionDescription description)
    {
        var text = new StringBuilder(512);
        var o = description.Origin;
        Line(text, 'v', "0");
        Line(text, 'o', $"{o.Username} {o.SessionId} {o.SessionVersion} IN {o.AddressType} {o.Address}");
        Line(text, 's', description.SessionName);
        if (description.Connection is { } connection)
            Connection(text, connection);
        Line(text, 't', description.Timing);
        if (description.Direction is { } direction)
            Line(text, 'a', direction.ToAttribute());
        Attributes(text, description.Attributes);
        foreach (var media in description.Media)
            Media(text, media);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Media(StringBuilder text, MediaDescription media)
    {
        Line(text, 'm',
            string.Create(
            CultureInfo.InvariantCulture, $"{media.Type} {media.Port} {media.Protocol} {string.Join(' ', media.FormatTokens)}"));
        if (media.Connection is { } connection)
            Connection(text, connection);
        foreach (var format in media.Formats)
        {
            if (format.Name.Length > 0)
            {
                var channels = format.Channels > 1 ? string.Create(CultureInfo.InvariantCulture, $"/{format.Channels}") : "";
                Line(text, 'a',
                    string.Create(CultureInfo.InvariantCulture, $"rtpmap:{format.PayloadType} {format.Name}/{format.ClockRate}{channels}"));
            }

            if (format.Parameters is { } parameters)
                Line(text, 'a', string.Create(CultureInfo.InvariantCulture, $"fmtp:{format.PayloadType} {parameters}"));
        }

        if (media.PacketTime is { } time)
            Line(text, 'a', string.Create(CultureInfo.InvariantCulture, $"ptime:{time}"));
        if (media.MaxPacketTime is { } longest)
            Line(text, 'a', string.Create(CultureInfo.InvariantCulture, $"maxptime:{longest}"));
        if (media.RtcpPort is { } rtcp)
            Line(text, 'a', string.Create(CultureInfo.InvariantCulture, $"rtcp:{rtcp}"));
        if (media.RtcpMux)
            Line(text, 'a', "rtcp-mux");
        if (media.Direction is { } direction)
            Line(text, 'a', direction.ToAttribute());
        Attributes(text, media.Attributes);
    }

    private static void Connection(StringBuilder text, string address) =>
        Line(text, 'c', $"IN {(address.Contains(':', StringComparison.Ordinal) ? "IP6" : "IP4")} {address}");

    private static void Attributes(StringBuilder text, IReadOnlyList<SdpAttribute> attributes)
    {
        foreach (var attribute in attributes)
            Line(text, 'a', attribute.Value is { } value ? $"{attribute.Name}:{value}" : attribute.Name);
    }

    private static void Line(StringBuilder text, char type, string value)
    {
        if (value.AsSpan().ContainsAny('\r', '\n', '\0'))
            throw new ArgumentException("A value that goes into a session description must not hold CR, LF or NUL.");
        text.Append(type).Append('=').Append(value).Append("\r\n");
    }
}
