using System.Net;
using System.Net.Sockets;

namespace Atm0s.Sip.Core.Transport;

/// <summary>Counts what strangers make us keep, in all and by source; an IPv6 /64 is one source. Any thread.</summary>
internal sealed class SourceLimiter(int maxTotal, int maxPerSource)
{
    private int _maxTotal = maxTotal;
    private int _maxPerSource = maxPerSource;
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _bySource = [];
    private int _total;

    public int Count
    {
        get
        {
            lock (_lock)
                return _total;
        }
    }

    /// <summary>How many one source has.</summary>
    public int CountOf(IPAddress address)
    {
        lock (_lock)
            return _bySource.GetValueOrDefault(SourceOf(address));
    }

    /// <summary>Changes the limits. Who is beyond them stays; nobody more comes in.</summary>
    public void SetLimits(int newMaxTotal, int newMaxPerSource)
    {
        lock (_lock)
            (_maxTotal, _maxPerSource) = (newMaxTotal, newMaxPerSource);
    }

    public bool TryEnter(IPAddress address)
    {
        var source = SourceOf(address);
        lock (_lock)
        {
            var count = _bySource.GetValueOrDefault(source);
            if (_total >= _maxTotal || count >= _maxPerSource)
                return false;
            _total++;
            _bySource[source] = count + 1;
            return true;
        }
    }

    public void Leave(IPAddress address)
    {
        var source = SourceOf(address);
        lock (_lock)
        {
            _total--;
            if (_bySource[source] == 1)
                _bySource.Remove(source);
            else
                _bySource[source]--;
        }
    }

    /// <summary>What counts as one source: an IPv4 address, or an IPv6 /64.</summary>
    public static IPAddress SourceOf(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
