using System.Net;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.WebSockets;

/// <summary>What SIP over WebSocket logs. Ids are stable.</summary>
internal static partial class WebSocketLog
{
    [LoggerMessage(1040, LogLevel.Debug, "WebSocket of {Remote} refused with {Status}: {Reason}")]
    public static partial void HandshakeRefused(ILogger logger, IPAddress? remote, int status, string reason);

    [LoggerMessage(
        1041,
        LogLevel.Warning,
        "A page came through the proxy at {Remote}, whose {Field} nobody reads: all pages behind it count as that one address, with its "
        + "trust and its limits. Use the forwarded headers middleware (UseForwardedHeaders)")]
    public static partial void ProxyUnread(ILogger logger, IPAddress? remote, string field);
}
