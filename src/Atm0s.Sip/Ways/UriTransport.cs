using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Ways;

/// <summary>
/// The transport that a URI asks for (RFC 3263 §4.1, without NAPTR). What is not spoken here is refused, never sent another way: a URI that
/// asks for TLS is not to be reached in the clear (RFC 3261 §26.2.2).
/// </summary>
internal static class UriTransport
{
    /// <summary>The transport; false when it is not spoken here.</summary>
    public static bool TryRead(SipUriView uri, out SipTransportProtocol protocol)
    {
        protocol = SipTransportProtocol.Udp;
        if (uri.Scheme != SipUriScheme.Sip)
            return false;
        if (!uri.TryGetParameter("transport"u8, out var transport) || SipChars.EqualsIgnoreCase(transport, "udp"u8))
            return true;
        protocol = SipTransportProtocol.Tcp;
        return SipChars.EqualsIgnoreCase(transport, "tcp"u8);
    }

    /// <summary>Why a URI can't be reached, as the end of a sentence; null when its transport is spoken here.</summary>
    public static string? ProblemOf(ReadOnlySpan<byte> uri)
    {
        if (!SipUriView.TryParse(uri, out var view))
            return "is no SIP URI";
        if (TryRead(view, out _))
            return null;
        return view.Scheme == SipUriScheme.Sip ? "asks for a transport that is not spoken here: write transport=udp or transport=tcp"
            : "asks for TLS or another scheme, which is not spoken here: write sip:";
    }

    /// <summary>
    /// Whether what we send to the sender of a request, or to the first proxy on its way back, could be sent: the first Record-Route
    /// counts, and without one the Contact (RFC 3261 §12.1.1).
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="flow">The way it came.</param>
    public static bool CanAnswerTo(SipMessage request, SipFlow flow)
    {
        foreach (var route in request.GetValues(SipHeaderId.RecordRoute))
            return IsSpoken(route);
        return CanReachContact(request, flow);
    }

    /// <summary>Whether the transport of the Contact is spoken here; also when there is none, or the way it came is the only one.</summary>
    public static bool CanReachContact(SipMessage request, SipFlow flow)
    {
        if (flow.Protocol.IsWebSocket())
            return true;
        foreach (var contact in request.GetValues(SipHeaderId.Contact))
            return IsSpoken(contact);
        return true;
    }

    // What can't be read is refused by who needs it.
    private static bool IsSpoken(ReadOnlySpan<byte> value) =>
        !NameAddressView.TryReadUri(value, out var uri) || !SipUriView.TryParse(uri, out var view) || TryRead(view, out _);
}
