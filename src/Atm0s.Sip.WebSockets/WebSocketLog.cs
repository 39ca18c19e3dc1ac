using System.Net;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.WebSockets;

/// <summary>What SIP over WebSocket logs. Ids are stable.</summary>
internal static partial class WebSocketLog
{
    [LoggerMessage(1040, LogLevel.Debug, "WebSocket of {Remote} refused with {Status}: {Reason}")]
    public static partial void HandshakeRefused(ILogger logger, IPAddress? remote, int status, string reason);
}
