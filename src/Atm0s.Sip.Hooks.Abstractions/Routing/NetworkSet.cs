using System.Net;

namespace Atm0s.Sip.Hooks.Routing;

/// <summary>
/// Addresses and CIDR blocks, IPv4 and IPv6 (RFC 4632, RFC 4291 §2.3). An IPv4 address that comes as IPv6 (<c>::ffff:192.0.2.1</c>) counts
/// as IPv4.
/// </summary>
public sealed class NetworkSet
{
    private readonly IPNetwork[] _networks;

    /// <summary>Makes a set.</summary>
    /// <param name="networks">For example <c>192.0.2.0/24</c>, <c>2001:db8::/32</c>, <c>192.0.2.7</c>.</param>
    /// <exception cref="ArgumentException">Says which one can't be read.</exception>
    public NetworkSet(params IEnumerable<string> networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        _networks = [.. networks.Select(Parse)];
    }

    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => _networks.Length == 0;

    /// <summary>Whether an address is in one of the networks.</summary>
    /// <param name="address">The address.</param>
    public bool Contains(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var network in _networks)
        {
            if (network.Contains(plain))
                return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", _networks);

    /// <summary>Reads networks.</summary>
    /// <param name="networks">For example <c>192.0.2.0/24</c>, <c>2001:db8::/32</c>, <c>192.0.2.7</c>.</param>
    /// <exception cref="ArgumentException">Says which one can't be read.</exception>
    public static IReadOnlyList<IPNetwork> ParseAll(IEnumerable<string> networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        return [.. networks.Select(Parse)];
    }

    private static IPNetwork Parse(string text)
    {
        if (text is not null && !text.Contains('/', StringComparison.Ordinal) && IPAddress.TryParse(text, out var address))
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        if (IPNetwork.TryParse(text, out var network))
            return network;
        throw new ArgumentException($"\"{text}\" is no network; write an address or a CIDR block, for example 192.0.2.7 or 192.0.2.0/24.");
    }
}
