using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Hooks.Routing;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>Tells what kind an address is. An IPv6 address that carries an IPv4 address is of the kind of that one.</summary>
internal static class HookAddresses
{
    private static readonly NetworkSet Loopback = new("127.0.0.0/8", "::1");
    private static readonly NetworkSet LinkLocal = new("169.254.0.0/16", "fe80::/10", "fec0::/10");
    private static readonly NetworkSet Metadata = new("100.100.100.200", "fd00:ec2::254", "fd20:ce::254");
    private static readonly NetworkSet Private = new(
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "64:ff9b:1::/48");
    private static readonly NetworkSet Unusable = new(
        "0.0.0.0/8", "192.0.0.0/24", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4", "::/128", "2001::/32", "100::/64", "ff00::/8");

    public static HookAddressKind KindOf(IPAddress address)
    {
        if (Embedded(address) is { } inner)
            return KindOf(inner);
        if (Loopback.Contains(address))
            return HookAddressKind.Loopback;
        if (LinkLocal.Contains(address))
            return HookAddressKind.LinkLocal;
        if (Metadata.Contains(address))
            return HookAddressKind.Metadata;
        if (Private.Contains(address))
            return HookAddressKind.Private;
        return Unusable.Contains(address) ? HookAddressKind.Unusable : HookAddressKind.Public;
    }

    private static IPAddress? Embedded(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return null;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);

        // 6to4, RFC 3056 §2.
        if (bytes is [0x20, 0x02, ..])
            return new IPAddress(bytes.Slice(2, 4));
        // NAT64, RFC 6052 §2.1.
        if (bytes[..12].SequenceEqual((ReadOnlySpan<byte>)[0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]))
            return new IPAddress(bytes[12..]);
        // Mapped (RFC 4291 §2.5.5.2) and translated (RFC 2765 §2.1).
        if (bytes[..8].IndexOfAnyExcept((byte)0) < 0 && (bytes[8..12] is [0, 0, 0xff, 0xff] or [0xff, 0xff, 0, 0]))
            return new IPAddress(bytes[12..]);
        // Compatible (RFC 4291 §2.5.5.1); :: and ::1 are themselves.
        if (bytes[..12].IndexOfAnyExcept((byte)0) < 0 && bytes[12..15].IndexOfAnyExcept((byte)0) >= 0)
            return new IPAddress(bytes[12..]);
        // ISATAP, RFC 5214 §6.1.
        if (bytes[8..12] is [0x00 or 0x02, 0x00, 0x5e, 0xfe])
            return new IPAddress(bytes[12..]);
        return null;
    }
}
