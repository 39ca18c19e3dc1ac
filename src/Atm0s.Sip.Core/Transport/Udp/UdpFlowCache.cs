using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Atm0s.Sip.Core.Transport.Udp;

/// <summary>
/// The flows of the sources that spoke last, so that a phone's messages share one. Of fixed size: two places for each hash, the newer one
/// kept; a flood of made-up sources costs what it costs without the cache. On the receiving thread only.
/// </summary>
internal sealed class UdpFlowCache(UdpSipTransport transport)
{
    private const int Sets = 8192;

    private readonly UdpSipFlow?[] _flows = new UdpSipFlow?[Sets * 2];
    private readonly IPEndPoint _template = new(
        transport.LocalEndPoint.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);

    /// <summary>The flow of a source.</summary>
    /// <param name="source">Its address (struct sockaddr).</param>
    public UdpSipFlow Get(ReadOnlySpan<byte> source)
    {
        var set = _flows.AsSpan((int)(Hash(source) % Sets) * 2, 2);
        if (IsOf(set[0], source))
            return set[0]!;
        if (!IsOf(set[1], source))
            set[1] = Create(source);
        (set[0], set[1]) = (set[1], set[0]);
        return set[0]!;
    }

    private static bool IsOf(UdpSipFlow? flow, ReadOnlySpan<byte> source) =>
        flow is not null && flow.Address.Buffer.Span[..flow.Address.Size].SequenceEqual(source);

    // Seeded anew in every process: nobody foresees who shares a place with whom. Family, port and address are the first 8 bytes of IPv4.
    private static uint Hash(ReadOnlySpan<byte> source)
    {
        if (source.Length == 16)
            return (uint)HashCode.Combine(MemoryMarshal.Read<uint>(source), MemoryMarshal.Read<uint>(source[4..]));
        var hash = default(HashCode);
        hash.AddBytes(source);
        return (uint)hash.ToHashCode();
    }

    private UdpSipFlow Create(ReadOnlySpan<byte> source)
    {
        var address = new SocketAddress(transport.LocalEndPoint.AddressFamily, source.Length);
        source.CopyTo(address.Buffer.Span);
        return new UdpSipFlow(transport, (IPEndPoint)_template.Create(address), address);
    }
}
