using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Requests;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Ways;

/// <summary>Via and Contact that fit the way a message takes.</summary>
internal static class FlowAddresses
{
    public static SipVia NewVia(this SipFlow flow, string branch) =>
        new(flow.Protocol.ToViaToken(), flow.SentBy, branch) { IsAlias = flow.Peer is not null };

    /// <summary>Our Contact towards this peer (RFC 3261 §8.1.1.8).</summary>
    /// <param name="flow">The way to it.</param>
    /// <param name="user">User part; empty for none.</param>
    /// <param name="isSips">Whether it has to be a sips URI (§12.1.1); only over TLS it can be.</param>
    public static string ContactFor(this SipFlow flow, string user, bool isSips = false)
    {
        // RFC 5630 §3.1.4: sips says TLS by itself.
        var (scheme, transport) = isSips && flow.Protocol == SipTransportProtocol.Tls ? ("sips", "") : ("sip", flow.Protocol.ToUriSuffix());
        return user.Length == 0 ? $"{scheme}:{flow.SentBy}{transport}"
            : $"{scheme}:{SipEscapes.EscapeUser(user)}@{flow.SentBy}{transport}";
    }

    /// <summary>
    /// Address, port and protocol of a URI with a literal address; false for names, which need DNS, and for transports that are not spoken.
    /// </summary>
    public static bool TryGetLiteral(ReadOnlySpan<byte> uri, out SipTransportProtocol protocol, out IPEndPoint? endPoint)
    {
        protocol = SipTransportProtocol.Udp;
        endPoint = null;
        if (!SipUriView.TryParse(uri, out var view)
            || !UriTransport.TryRead(view, out protocol)
            || !TryReadHost(view.Host, out var address))
            return false;
        endPoint = new IPEndPoint(address, view.Port == 0 ? protocol.DefaultPort() : view.Port);
        return true;
    }

    /// <summary>The address that a host is, in brackets or without; false for names.</summary>
    public static bool TryReadHost(ReadOnlySpan<byte> host, [NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(Encoding.ASCII.GetString(host), out address);
}
