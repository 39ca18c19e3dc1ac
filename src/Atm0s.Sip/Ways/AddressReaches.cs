using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Ways;

/// <summary>Reads the reach of an address.</summary>
internal static class AddressReaches
{
    public static AddressReach ReachOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return IPAddress.IsLoopback(address) ? AddressReach.Host
            : address.AddressFamily == AddressFamily.InterNetwork ? OfIPv4(address)
            : OfIPv6(address);
    }

    private static AddressReach OfIPv4(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        return bytes switch
        {
            [0, ..] or [>= 224, ..] => AddressReach.None,
            [169, 254, ..] => AddressReach.Link,
            [10, ..] or [192, 168, ..] or [172, >= 16 and <= 31, ..] or [100, >= 64 and <= 127, ..] => AddressReach.Site,
            _ => AddressReach.World,
        };
    }

    private static AddressReach OfIPv6(IPAddress address) =>
        address.Equals(IPAddress.IPv6Any) || address.IsIPv6Multicast ? AddressReach.None
        : address.IsIPv6LinkLocal ? AddressReach.Link
        : address.IsIPv6UniqueLocal || address.IsIPv6SiteLocal ? AddressReach.Site
        : AddressReach.World;
}
