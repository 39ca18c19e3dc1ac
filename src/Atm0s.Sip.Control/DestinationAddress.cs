using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Control;

/// <summary>
/// The <c>dest_addr</c> of the original: <c>a.b.c.d:port</c> or <c>[ipv6]:port</c>. No names, and no address of many or of nobody.
/// </summary>
internal static class DestinationAddress
{
    private static readonly IPNetwork Multicast4 = new(IPAddress.Parse("224.0.0.0"), 4);
    private static readonly IPNetwork ThisNetwork = new(IPAddress.Parse("0.0.0.0"), 8);

    public static bool TryParse(string text, out IPEndPoint endPoint)
    {
        endPoint = new IPEndPoint(IPAddress.None, 0);
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port is 0 or > 65535)
            return false;
        var host = text.AsSpan(0, colon);
        var isV6 = host is ['[', .., ']'];
        if (!IPAddress.TryParse(isV6 ? host[1..^1] : host, out var address)
            || isV6 != (address.AddressFamily == AddressFamily.InterNetworkV6)
            // "127.1" and "2130706433" are other spellings of an IPv4 address.
            || (!isV6 && !host.SequenceEqual(address.ToString()))
            || !IsOfOne(address))
            return false;
        endPoint = new IPEndPoint(address, port);
        return true;
    }

    private static bool IsOfOne(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6
            ? !address.IsIPv6Multicast && !address.Equals(IPAddress.IPv6Any)
            : !Multicast4.Contains(address) && !ThisNetwork.Contains(address) && !address.Equals(IPAddress.Broadcast);
}
