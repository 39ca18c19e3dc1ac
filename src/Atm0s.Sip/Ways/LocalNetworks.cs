using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Atm0s.Sip.Ways;

/// <summary>
/// This machine's addresses and the broadcast addresses of its networks. Asked of the system at most once a minute. Any thread.
/// </summary>
internal sealed class LocalNetworks(TimeProvider time, Func<IEnumerable<(IPAddress Address, IPAddress Mask)>>? source = null)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly Func<IEnumerable<(IPAddress Address, IPAddress Mask)>> _source = source ?? AskSystem;
    private volatile Snapshot? _snapshot;

    /// <summary>Whether an address is one of this machine's.</summary>
    public bool IsOwn(IPAddress address) => IPAddress.IsLoopback(address) || Current().Addresses.Contains(address);

    /// <summary>Whether what is sent to an address reaches every host of a network that we are in (RFC 919 §7).</summary>
    public bool IsBroadcast(IPAddress address) => Current().Broadcasts.Contains(address);

    private Snapshot Current()
    {
        if (_snapshot is { } known && time.GetElapsedTime(known.TakenAt) < Fresh)
            return known;
        var (addresses, broadcasts) = (new HashSet<IPAddress>(), new HashSet<IPAddress>());
        IEnumerable<(IPAddress Address, IPAddress Mask)> found;
        try
        {
            found = _source();
        }
        catch (IOException)
        {
            // No descriptor is left to ask with. What was so a minute ago is so still.
            return _snapshot = (_snapshot ?? new Snapshot(0, addresses, broadcasts)) with { TakenAt = time.GetTimestamp() };
        }

        foreach (var (address, mask) in found)
        {
            addresses.Add(address);
            if (BroadcastOf(address, mask) is { } broadcast)
                broadcasts.Add(broadcast);
        }

        return _snapshot = new Snapshot(time.GetTimestamp(), addresses, broadcasts);
    }

    // RFC 3021: a network of two addresses has no broadcast address, and one of one address neither.
    private static IPAddress? BroadcastOf(IPAddress address, IPAddress mask)
    {
        if (address.AddressFamily != AddressFamily.InterNetwork)
            return null;
        var (bytes, bits) = (address.GetAddressBytes(), mask.GetAddressBytes());
        if (bits[3] >= 0xFE)
            return null;
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] |= (byte)~bits[i];
        return new IPAddress(bytes);
    }

    private static IEnumerable<(IPAddress Address, IPAddress Mask)> AskSystem()
    {
        try
        {
            var addresses = NetworkInterface.GetAllNetworkInterfaces().SelectMany(n => n.GetIPProperties().UnicastAddresses);
            return [.. addresses.Select(a => (a.Address, a.IPv4Mask))];
        }
        catch (Exception unknown) when (unknown is NetworkInformationException or PlatformNotSupportedException)
        {
            // RFC 6890: at least what every machine has.
            return [(IPAddress.Loopback, new IPAddress([255, 0, 0, 0]))];
        }
    }

    private sealed record Snapshot(long TakenAt, HashSet<IPAddress> Addresses, HashSet<IPAddress> Broadcasts);
}
