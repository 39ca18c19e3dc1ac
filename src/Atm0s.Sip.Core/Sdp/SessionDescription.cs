using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Core.Sdp;

/// <summary>A session description (RFC 8866). Immutable.</summary>
public sealed record SessionDescription
{
    /// <summary>The o-line.</summary>
    public required SdpOrigin Origin { get; init; }

    /// <summary>The s-line.</summary>
    public string SessionName { get; init; } = "-";

    /// <summary>The first t-line: start and stop; <c>0 0</c> has no end (RFC 8866 §5.9).</summary>
    public string Timing { get; init; } = "0 0";

    /// <summary>Address of the session's c-line, or null.</summary>
    public string? Connection { get; init; }

    /// <summary>Address type of that line, <c>IP4</c> or <c>IP6</c>, or null.</summary>
    public string? AddressType { get; init; }

    /// <summary>Direction of the session, or null when none is given.</summary>
    public SdpDirection? Direction { get; init; }

    /// <summary>The m-lines, in order.</summary>
    public required IReadOnlyList<MediaDescription> Media { get; init; }

    /// <summary>All other attributes of the session, in order.</summary>
    public IReadOnlyList<SdpAttribute> Attributes { get; init; } = [];

    /// <summary>The first audio stream that is not refused, or null.</summary>
    public MediaDescription? Audio => Media.FirstOrDefault(m => m.IsAudio && m.Port != 0);

    /// <summary>Host and port of the first audio stream that names a host instead of an address (RFC 8866 §5.7), or null.</summary>
    public DnsEndPoint? AudioHost =>
        Media.Where(m => m.IsAudio && m.Port != 0).Select(m => MediaAddresses.NameOf(this, m)).FirstOrDefault(n => n is not null);

    /// <summary>Address of a stream: its own, else the session's.</summary>
    /// <param name="media">One of <see cref="Media"/>.</param>
    public string? AddressOf(MediaDescription media) => media.Connection ?? Connection;

    /// <summary>Address type of a stream, <c>IP4</c> or <c>IP6</c>; null when there is no address.</summary>
    /// <param name="media">One of <see cref="Media"/>.</param>
    public string? AddressTypeOf(MediaDescription media) => media.Connection is null ? AddressType : media.AddressType;

    /// <summary>
    /// Direction of a stream: its own, else the session's, else sendrecv (RFC 8866 §6.7). An address that means none (0.0.0.0 and its
    /// likes) is the old way to hold (RFC 3264 §8.4): nothing can be sent there.
    /// </summary>
    /// <param name="media">One of <see cref="Media"/>.</param>
    public SdpDirection DirectionOf(MediaDescription media)
    {
        var direction = media.Direction ?? Direction ?? SdpDirection.SendRecv;
        return MediaAddresses.IsNone(AddressOf(media)) ? direction & SdpDirection.SendOnly : direction;
    }

    /// <summary>The same description with an address in place of a host's name.</summary>
    /// <param name="name">The name, as it is written.</param>
    /// <param name="address">The address.</param>
    public SessionDescription WithAddress(string name, IPAddress address)
    {
        var (text, type) = (address.ToString(), address.AddressFamily == AddressFamily.InterNetworkV6 ? "IP6" : "IP4");
        return this with
        {
            Connection = Connection == name ? text : Connection,
            AddressType = Connection == name ? type : AddressType,
            Media = [.. Media.Select(m => m.Connection == name ? m with { Connection = text, AddressType = type } : m)],
        };
    }
}
