using Microsoft.AspNetCore.Http;

namespace Atm0s.Sip.WebSockets;

/// <summary>Judges requests for connections, before anything is kept for them.</summary>
internal static class Handshake
{
    /// <summary>The subprotocol (RFC 7118 §4.1).</summary>
    public const string Subprotocol = "sip";

    /// <summary>What becomes of a request.</summary>
    public static HandshakeVerdict Judge(HttpContext context, SipWebSocketOptions options)
    {
        if (!context.WebSockets.IsWebSocketRequest)
            return HandshakeVerdict.NoWebSocket;
        var request = context.Request;
        // More than one is as good as a foreign one: no browser sends that (RFC 6454 §7.3).
        var origins = request.Headers.Origin;
        if (origins.Count > 1
            || !OriginRule.Allows(origins.Count == 0 ? null : origins[0], request.Scheme, request.Host.Value ?? "", options.AllowedOrigins))
            return HandshakeVerdict.ForeignOrigin;
        return context.WebSockets.WebSocketRequestedProtocols.Contains(Subprotocol) ? HandshakeVerdict.Ok : HandshakeVerdict.NoSubprotocol;
    }
}
