using System.Net;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Core.Transport.Tls;
using Atm0s.Sip.Hooks.Routing;

namespace Atm0s.Sip.Trunks;

/// <summary>
/// Where the other side of one call over a trunk is: where the trunk was when the call began, and where it is now. The call keeps them when
/// the trunk is taken out, and another trunk of that name has no part in them. Any thread.
/// </summary>
/// <param name="trunk">The trunk.</param>
internal sealed class TrunkSources(Trunk trunk)
{
    private readonly NetworkSet? _atBegin = trunk.Networks;

    /// <summary>Who must be at the other end of its connections, over TLS; else null.</summary>
    public TlsPeer? Peer => trunk.Peer;

    /// <summary>Its settings, as they are now.</summary>
    public TrunkOptions Options => trunk.Options;

    /// <summary>Whether what comes over a way is of the other side.</summary>
    public bool Contains(SipFlow flow) => trunk.MayBeOf(flow) && Contains(flow.RemoteEndPoint.Address);

    /// <summary>Whether the other side may be at an address.</summary>
    public bool Contains(IPAddress address) =>
        trunk.IsSource(address) || (_atBegin is null ? trunk.IsServer(address) : _atBegin.Contains(address));
}
