namespace Atm0s.Sip.Core.Transport;

/// <summary>What follows from a transport protocol.</summary>
public static class SipTransportProtocolExtensions
{
    /// <summary>Whether what goes over it is encrypted up to the next hop.</summary>
    public static bool IsSecure(this SipTransportProtocol protocol) => protocol is SipTransportProtocol.Tls or SipTransportProtocol.Wss;

    /// <summary>
    /// Whether a peer is reached over the connection that it has opened and in no other way (RFC 7118 §5), wherever its Contact points.
    /// </summary>
    public static bool IsWebSocket(this SipTransportProtocol protocol) => protocol is SipTransportProtocol.Ws or SipTransportProtocol.Wss;

    /// <summary>The token of Via: UDP, TCP, TLS, WS or WSS (RFC 3261 §20.42, RFC 7118 §5.2).</summary>
    public static string ToViaToken(this SipTransportProtocol protocol) => protocol switch
    {
        SipTransportProtocol.Udp => "UDP",
        SipTransportProtocol.Tcp => "TCP",
        SipTransportProtocol.Tls => "TLS",
        SipTransportProtocol.Ws => "WS",
        _ => "WSS",
    };

    /// <summary>
    /// Value of the <c>transport</c> parameter of a sip URI: udp, tcp, tls or ws, which stands for both kinds of WebSocket (RFC 7118 §5.3).
    /// </summary>
    public static string ToUriParameter(this SipTransportProtocol protocol) => protocol switch
    {
        SipTransportProtocol.Udp => "udp",
        SipTransportProtocol.Tcp => "tcp",
        SipTransportProtocol.Tls => "tls",
        _ => "ws",
    };

    /// <summary>
    /// The same as the end of a URI, with its semicolon: empty for UDP, where none is needed (RFC 3263 §4.1).
    /// </summary>
    public static string ToUriSuffix(this SipTransportProtocol protocol) => protocol switch
    {
        SipTransportProtocol.Udp => "",
        SipTransportProtocol.Tcp => ";transport=tcp",
        SipTransportProtocol.Tls => ";transport=tls",
        _ => ";transport=ws",
    };

    /// <summary>Name for logs and metrics: udp, tcp, tls, ws or wss.</summary>
    public static string ToName(this SipTransportProtocol protocol) => protocol switch
    {
        SipTransportProtocol.Udp => "udp",
        SipTransportProtocol.Tcp => "tcp",
        SipTransportProtocol.Tls => "tls",
        SipTransportProtocol.Ws => "ws",
        _ => "wss",
    };

    /// <summary>
    /// Port where none is given (RFC 3261 §19.1.2, RFC 7118 §5.4): 5060, 5061 for TLS, 80 and 443 for WebSocket.
    /// </summary>
    public static int DefaultPort(this SipTransportProtocol protocol) => protocol switch
    {
        SipTransportProtocol.Tls => 5061,
        SipTransportProtocol.Ws => 80,
        SipTransportProtocol.Wss => 443,
        _ => 5060,
    };
}
