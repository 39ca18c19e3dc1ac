using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Ways;

/// <summary>
/// The transport that a URI asks for (RFC 3263 §4.1, without NAPTR). What is not spoken here is refused, never sent another way: a URI that
/// asks for TLS is not to be reached in the clear (RFC 3261 §26.2.2).
/// </summary>
internal static class UriTransport
{
    /// <summary>The transport, whether a listener speaks it or not; false when none here can.</summary>
    public static bool TryRead(SipUriView uri, out SipTransportProtocol protocol)
    {
        protocol = SipTransportProtocol.Udp;
        if (uri.Scheme is not (SipUriScheme.Sip or SipUriScheme.Sips))
            return false;
        var isSips = uri.Scheme == SipUriScheme.Sips;
        if (!uri.TryGetParameter("transport"u8, out var transport))
        {
            // RFC 3261 §19.1.2, §26.2.2
            protocol = isSips ? SipTransportProtocol.Tls : SipTransportProtocol.Udp;
            return true;
        }

        // sips over TCP is TLS; over UDP it would be DTLS (RFC 5630 §3.1.4).
        if (SipChars.EqualsIgnoreCase(transport, "udp"u8))
            return !isSips;
        protocol = isSips ? SipTransportProtocol.Tls : SipTransportProtocol.Tcp;
        if (SipChars.EqualsIgnoreCase(transport, "tcp"u8))
            return true;
        protocol = SipTransportProtocol.Tls;
        return SipChars.EqualsIgnoreCase(transport, "tls"u8);
    }

    /// <summary>The transport; false when no listener speaks it.</summary>
    public static bool TryRead(SipUriView uri, SpokenTransports spoken, out SipTransportProtocol protocol) =>
        TryRead(uri, out protocol) && spoken.Has(protocol);

    /// <summary>Why a URI can't be reached, as the end of a sentence; null when its transport is spoken here.</summary>
    public static string? ProblemOf(ReadOnlySpan<byte> uri, SpokenTransports spoken)
    {
        if (!SipUriView.TryParse(uri, out var view))
            return "is no SIP URI";
        if (TryRead(view, out var protocol))
        {
            return spoken.Has(protocol) ? null
                : "asks for TLS, which is not spoken here: add a listener for it, for example tls://0.0.0.0:5061";
        }

        return view.Scheme == SipUriScheme.Sip
            ? "asks for a transport that is not spoken here: write transport=udp, transport=tcp or transport=tls"
            : "asks for another scheme or transport, which is not spoken here: write sip: or sips:";
    }

    /// <summary>
    /// Whether what we send to the sender of a request, or to the first proxy on its way back, could be sent: the first Record-Route
    /// counts, and without one the Contact (RFC 3261 §12.1.1).
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="flow">The way it came.</param>
    /// <param name="spoken">What our listeners speak.</param>
    public static bool CanAnswerTo(SipMessage request, SipFlow flow, SpokenTransports spoken)
    {
        foreach (var route in request.GetValues(SipHeaderId.RecordRoute))
            return IsSpoken(route, spoken);
        return CanReachContact(request, flow, spoken);
    }

    /// <summary>Whether the transport of the Contact is spoken here; also when there is none, or the way it came is the only one.</summary>
    public static bool CanReachContact(SipMessage request, SipFlow flow, SpokenTransports spoken)
    {
        if (flow.Protocol.IsWebSocket())
            return true;
        foreach (var contact in request.GetValues(SipHeaderId.Contact))
            return IsSpoken(contact, spoken);
        return true;
    }

    /// <summary>Whether a URI is sips, which has to go over TLS on each hop (RFC 3261 §26.2.2).</summary>
    public static bool IsSips(ReadOnlySpan<byte> uri) => SipUriView.TryParse(uri, out var view) && view.Scheme == SipUriScheme.Sips;

    // What can't be read is refused by who needs it.
    private static bool IsSpoken(ReadOnlySpan<byte> value, SpokenTransports spoken) =>
        !NameAddressView.TryReadUri(value, out var uri) || !SipUriView.TryParse(uri, out var view) || TryRead(view, spoken, out _);
}
