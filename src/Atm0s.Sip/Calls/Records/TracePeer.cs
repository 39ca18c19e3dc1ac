using System.Net;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Calls.Records;

/// <summary>The two ends of a way, without what keeps the way itself alive.</summary>
/// <param name="Protocol">Transport.</param>
/// <param name="Local">Our end.</param>
/// <param name="Remote">The other.</param>
internal readonly record struct TracePeer(SipTransportProtocol Protocol, IPEndPoint Local, IPEndPoint Remote)
{
    public static TracePeer Of(SipFlow flow) => new(flow.Protocol, flow.LocalEndPoint, flow.RemoteEndPoint);

    public bool Is(SipFlow flow) => Protocol == flow.Protocol && Remote.Equals(flow.RemoteEndPoint) && Local.Equals(flow.LocalEndPoint);

    /// <summary>As a flow prints itself.</summary>
    public override string ToString() => $"{Protocol.ToName()}://{Remote}";
}
