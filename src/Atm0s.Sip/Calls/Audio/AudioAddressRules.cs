using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Net;
using Atm0s.Sip.Core.Sdp;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Ways;

namespace Atm0s.Sip.Calls.Audio;

/// <summary>
/// Where the audio of a call must not go, whatever its description says: to everybody on a network, to who never left it (link-local, the
/// metadata of a cloud), to our own SIP and RTP sockets. What no description may say at all, <c>MediaAddresses</c> in the core refuses. Any
/// thread.
/// </summary>
internal sealed class AudioAddressRules(IReadOnlyList<ISipTransport> listeners, LocalNetworks networks)
{
    // Where clouds tell a machine its secrets.
    private static readonly IPAddress[] Metadata = [new([169, 254, 169, 254]), IPAddress.Parse("fd00:ec2::254")];

    private readonly ConcurrentDictionary<IPEndPoint, byte> _own = new();

    /// <summary>Remembers the RTP socket of a leg, and the RTCP socket above it, until <see cref="Remove"/>.</summary>
    public void Add(IPEndPoint rtp)
    {
        _own[rtp] = 0;
        _own[new IPEndPoint(rtp.Address, rtp.Port + 1)] = 0;
    }

    /// <summary>Forgets the sockets of a leg.</summary>
    public void Remove(IPEndPoint rtp)
    {
        _own.TryRemove(rtp, out _);
        _own.TryRemove(new IPEndPoint(rtp.Address, rtp.Port + 1), out _);
    }

    /// <summary>Judges where a peer wants its audio.</summary>
    /// <param name="remote">Where.</param>
    /// <param name="signalling">Where its signalling comes from.</param>
    public NegotiationFailure Check(IPEndPoint remote, IPEndPoint signalling) =>
        IsForNobody(remote.Address, signalling.Address) || networks.IsBroadcast(remote.Address) || IsListener(remote)
            || (_own.ContainsKey(remote) && !IsListener(signalling))
            ? NegotiationFailure.BadAddress
            : NegotiationFailure.None;

    /// <summary>
    /// Whether an address of the peer's own machine is no use here: a phone elsewhere that names 127.0.0.1 means itself, and is only found
    /// by its packets. Nothing is to be sent to what listens on ours.
    /// </summary>
    /// <param name="remote">What it names.</param>
    /// <param name="signalling">Where its signalling comes from.</param>
    public bool IsElsewhere(IPAddress remote, IPAddress signalling) => IPAddress.IsLoopback(remote) && !networks.IsOwn(signalling);

    // A phone that is on the link itself may name its address there; nobody else can be there.
    private static bool IsForNobody(IPAddress remote, IPAddress signalling) =>
        !remote.Equals(signalling) && (Array.IndexOf(Metadata, remote) >= 0 || (IsLinkLocal(remote) && !IsLinkLocal(signalling)));

    private static bool IsLinkLocal(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return address.IsIPv6LinkLocal;
        Span<byte> bytes = stackalloc byte[4];
        return address.TryWriteBytes(bytes, out _) && bytes is [169, 254, ..];
    }

    // A call to ourselves comes from one of our listeners: there both ends of the audio are ours, and no stranger has said so.
    private bool IsListener(IPEndPoint endPoint)
    {
        foreach (var listener in listeners)
        {
            var local = listener.LocalEndPoint;
            if (listener.Protocol != SipTransportProtocol.Udp)
                continue;
            var isHere = endPoint.Address.Equals(local.Address) || (IsAny(local.Address) && networks.IsOwn(endPoint.Address));
            var isAdvertised = listener.Options.AdvertisedHost is { } advertised && endPoint.Address.ToString() == advertised;
            if ((isHere && endPoint.Port == local.Port)
                || (isAdvertised && endPoint.Port == (listener.Options.AdvertisedPort ?? local.Port)))
                return true;
        }

        return false;
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
