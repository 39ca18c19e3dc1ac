using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Atm0s.Sip.Media.Ice;

/// <summary>The addresses at which a leg of ours can be reached (RFC 8445 §5.1.1.1): all are host candidates, we ask no server.</summary>
internal static class LocalCandidates
{
    private const int Max = 16;

    /// <summary>Lists them, best first.</summary>
    /// <param name="rtp">Where RTP is bound; the wildcard stands for all addresses of the machine.</param>
    /// <param name="advertised">Addresses under which others see this machine; they come first.</param>
    /// <param name="muxed">Whether RTCP has the same port; else the next one gets candidates too.</param>
    public static IReadOnlyList<IceCandidate> List(IPEndPoint rtp, IEnumerable<IPAddress> advertised, bool muxed)
    {
        var isAny = rtp.Address.Equals(IPAddress.Any) || rtp.Address.Equals(IPAddress.IPv6Any);
        var addresses = advertised.Where(a => a.AddressFamily == rtp.AddressFamily)
            .Concat(isAny ? OfInterfaces(rtp.AddressFamily) : [rtp.Address])
            .Distinct().Take(Max).ToArray();
        var candidates = new List<IceCandidate>();
        for (var i = 0; i < addresses.Length; i++)
        {
            for (var component = IceCandidate.Rtp; component <= (muxed ? IceCandidate.Rtp : IceCandidate.Rtcp); component++)
            {
                candidates.Add(new IceCandidate
                {
                    Foundation = (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture),
                    Component = component,
                    Priority = IceCandidate.PriorityOf(IceCandidateType.Host, ushort.MaxValue - i, component),
                    EndPoint = new IPEndPoint(addresses[i], rtp.Port + component - IceCandidate.Rtp),
                });
            }
        }

        return candidates;
    }

    private static IEnumerable<IPAddress> OfInterfaces(AddressFamily family)
    {
        try
        {
            return [.. NetworkInterface.GetAllNetworkInterfaces()
                .Where(i => i.OperationalStatus == OperationalStatus.Up)
                .SelectMany(i => i.GetIPProperties().UnicastAddresses)
                .Select(a => a.Address)
                .Where(a => a.AddressFamily == family && IsUsable(a))
                // RFC 8445 §5.1.1.1: not the loopback, unless there is nothing else.
                .OrderBy(a => IPAddress.IsLoopback(a))];
        }
        catch (Exception unknown) when (unknown is NetworkInformationException or IOException)
        {
            return [];
        }
    }

    // RFC 8445 §5.1.1.1: neither link-local nor site-local ones, nor those that map IPv4.
    private static bool IsUsable(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6
        ? !address.IsIPv6LinkLocal && !address.IsIPv6SiteLocal && !address.IsIPv4MappedToIPv6
        : address.GetAddressBytes() is not [169, 254, ..];
}
