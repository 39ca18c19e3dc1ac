using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Doctor.Facts;

/// <summary>What kind of address one is.</summary>
internal static class Networks
{
    private static readonly IPNetwork[] Private =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"),   // RFC 1918
        IPNetwork.Parse("100.64.0.0/10"),                                                                     // RFC 6598
        IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("fc00::/7"),         // RFC 3927, 4291, 4193
    ];

    /// <summary>Whether only neighbours reach it, but no loopback.</summary>
    public static bool IsPrivate(IPAddress address) => Private.Any(network => network.Contains(Plain(address)));

    /// <summary>Whether everybody can reach it.</summary>
    public static bool IsPublic(IPAddress address) => !IPAddress.IsLoopback(address) && !IsPrivate(address) && !IsAny(address);

    /// <summary>Whether it stands for all addresses.</summary>
    public static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static IPAddress Plain(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 && address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
