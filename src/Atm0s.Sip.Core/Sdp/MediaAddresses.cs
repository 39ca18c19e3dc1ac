using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Core.Sdp;

/// <summary>Addresses of a description, read the careful way.</summary>
internal static class MediaAddresses
{
    private const int FirstUserPort = 1024;

    private static readonly SearchValues<char> IPv4Characters = SearchValues.Create("0123456789.");

    /// <summary>
    /// Whether an address of a c-line means "none": 0.0.0.0 (RFC 3264 §8.4), its like in IPv6, or a name under .invalid, which IPv6 takes
    /// in its place (RFC 6157 §4.1). The stream is on hold then.
    /// </summary>
    public static bool IsNone(string? text)
    {
        // None of those begins like an ordinary IPv4 address.
        if (text is null || (text.Length > 0 && text[0] is >= '1' and <= '9' && !text.AsSpan().ContainsAnyExcept(IPv4Characters)))
            return false;
        if (!IPAddress.TryParse(text, out var address))
            return $".{text.TrimEnd('.')}".EndsWith(".invalid", StringComparison.OrdinalIgnoreCase);
        address = Plain(address);
        return address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
    }

    /// <summary>An IPv4-mapped IPv6 address is the IPv4 address in it (RFC 4291 §2.5.5.2).</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>Where a stream is to be sent, or null: no address, the address none, or a name.</summary>
    public static IPEndPoint? RemoteOf(SessionDescription description, MediaDescription media) =>
        description.AddressOf(media) is { } text && !IsNone(text) && IPAddress.TryParse(text, out var address)
            ? new IPEndPoint(Plain(address), media.Port)
            : null;

    /// <summary>The host of a stream that gives a name, or null.</summary>
    public static DnsEndPoint? NameOf(SessionDescription description, MediaDescription media)
    {
        if (description.AddressOf(media) is not { } text || IsNone(text) || IPAddress.TryParse(text, out _))
            return null;
        return new DnsEndPoint(
            text, media.Port, description.AddressTypeOf(media) == "IP6" ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork);
    }

    /// <summary>
    /// Port of a=rtcp (RFC 3605 §2.1), or null for the port above. The host is that of RTP, whatever a=rtcp says: another one could be
    /// anybody, and to who did not ask nothing is sent.
    /// </summary>
    public static int? RtcpPortOf(MediaDescription media) => media.RtcpPort is >= FirstUserPort and <= 65535 ? media.RtcpPort : null;

    /// <summary>What is never sent to, whoever asks: groups, broadcast, "this network" (RFC 1122 §3.2.1.3), ports of the system.</summary>
    public static NegotiationFailure Check(SessionDescription description, MediaDescription media)
    {
        if (description.AddressOf(media) is not { } text)
            return NegotiationFailure.BadAddress;
        if (IsNone(text))
            return NegotiationFailure.None;
        if (media.Port < FirstUserPort)
            return NegotiationFailure.BadAddress;
        if (IPAddress.TryParse(text, out var address))
            return IsSendable(Plain(address)) ? NegotiationFailure.None : NegotiationFailure.BadAddress;
        return IsHostName(text) ? NegotiationFailure.None : NegotiationFailure.BadAddress;
    }

    /// <summary>Whether an address is that of one host, as far as the address alone tells.</summary>
    public static bool IsSendable(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetwork)
            return !address.IsIPv6Multicast && !address.Equals(IPAddress.IPv6Any);
        Span<byte> bytes = stackalloc byte[4];
        return address.TryWriteBytes(bytes, out _) && bytes[0] is > 0 and < 224;
    }

    /// <summary>Whether RTP and RTCP may share a port: asked for, and no payload type looks like RTCP (RFC 5761 §4).</summary>
    public static bool CanMux(MediaDescription media, IReadOnlyList<SdpFormat> formats)
    {
        if (!media.RtcpMux)
            return false;
        for (var i = 0; i < formats.Count; i++)
        {
            if (formats[i].PayloadType is >= 64 and <= 95)
                return false;
        }

        return true;
    }

    // RFC 1123 §2.1, and the underscore that people use all the same.
    private static bool IsHostName(string text) =>
        text.Length <= 253 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_') && char.IsAsciiLetterOrDigit(text[0]);
}
