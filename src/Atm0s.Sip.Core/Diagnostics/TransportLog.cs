using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Core.Transport;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Core.Diagnostics;

/// <summary>What transports log. Ids are stable.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(1000, LogLevel.Debug, "Sending to {Remote} failed")]
    public static partial void SendFailed(ILogger logger, Exception exception, IPEndPoint remote);

    [LoggerMessage(1001, LogLevel.Debug, "Receiving at {Local} failed")]
    public static partial void ReceiveFailed(ILogger logger, Exception exception, IPEndPoint local);

    [LoggerMessage(1002, LogLevel.Warning, "Accepting at {Local} waits: {Error}. Open connections go on; raise the limit of open files (ulimit -n)")]
    public static partial void AcceptPauses(ILogger logger, IPEndPoint local, SocketError error);

    [LoggerMessage(1003, LogLevel.Debug, "Connection of {Remote} refused: too many")]
    public static partial void ConnectionRefused(ILogger logger, IPEndPoint? remote);

    [LoggerMessage(1004, LogLevel.Debug, "Connection with {Remote} closed: {Reason}")]
    public static partial void ConnectionClosed(ILogger logger, Exception? exception, IPEndPoint remote, TcpCloseReason reason);

    [LoggerMessage(1005, LogLevel.Information, "Accepting at {Local} goes on")]
    public static partial void AcceptGoesOn(ILogger logger, IPEndPoint local);

    [LoggerMessage(1006, LogLevel.Information, "Connecting to {Remote} failed")]
    public static partial void ConnectFailed(ILogger logger, Exception exception, IPEndPoint remote);
}
