using System.Net;
using System.Net.Sockets;
using Atm0s.Sip.Core.Transport;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Core.Diagnostics;

/// <summary>What transports log. Ids are stable.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(1000, LogLevel.Debug, "Sending to {Remote} failed: {Reason}")]
    public static partial void SendFailed(ILogger logger, IPEndPoint remote, string reason);

    [LoggerMessage(1001, LogLevel.Warning, "Receiving at {Local} failed: {Reason}. It goes on; this is told once a minute at most")]
    public static partial void ReceiveFailed(ILogger logger, IPEndPoint local, string reason);

    [LoggerMessage(
        1002, LogLevel.Warning, "Accepting at {Local} waits: {Error}. Open connections go on; raise the limit of open files (ulimit -n)")]
    public static partial void AcceptPauses(ILogger logger, IPEndPoint local, SocketError error);

    [LoggerMessage(1003, LogLevel.Debug, "Connection of {Remote} refused: too many")]
    public static partial void ConnectionRefused(ILogger logger, IPEndPoint? remote);

    [LoggerMessage(1004, LogLevel.Debug, "Connection with {Remote} closed: {Reason}")]
    public static partial void ConnectionClosed(ILogger logger, Exception? exception, IPEndPoint remote, TcpCloseReason reason);

    [LoggerMessage(1005, LogLevel.Information, "Accepting at {Local} goes on")]
    public static partial void AcceptGoesOn(ILogger logger, IPEndPoint local);

    [LoggerMessage(1006, LogLevel.Debug, "Connecting to {Remote} failed")]
    public static partial void ConnectFailed(ILogger logger, Exception exception, IPEndPoint remote);

    [LoggerMessage(1007, LogLevel.Error, "Accepting at {Local} failed; it goes on")]
    public static partial void AcceptFailed(ILogger logger, Exception exception, IPEndPoint local);

    [LoggerMessage(1008, LogLevel.Error, "What was told of a connection of {Local} failed; the others go on")]
    public static partial void TellingFailed(ILogger logger, Exception exception, IPEndPoint local);

    [LoggerMessage(1009, LogLevel.Error, "Connections of {Local} do not end: something that they run does not come back")]
    public static partial void ConnectionsStuck(ILogger logger, IPEndPoint local);

    [LoggerMessage(1010, LogLevel.Debug, "No connection to {Remote} is opened: too many that nothing depends on")]
    public static partial void NotOpened(ILogger logger, IPEndPoint remote);

    [LoggerMessage(1011, LogLevel.Information, "The certificates of {Local} were read anew; the first one holds until {NotAfter}")]
    public static partial void CertificateRenewed(ILogger logger, IPEndPoint local, DateTime? notAfter);

    [LoggerMessage(1012, LogLevel.Error, "The certificates of {Local} have changed and can't be used: those of before stay")]
    public static partial void CertificateNotRenewed(ILogger logger, Exception exception, IPEndPoint local);

    [LoggerMessage(1013, LogLevel.Warning,
        "{Local} shows a self-signed certificate that was made now, with the SHA-256 {Thumbprint}: that is for trying out, for nobody "
        + "trusts it who was not told to")]
    public static partial void SelfSigned(ILogger logger, IPEndPoint local, string thumbprint);

    [LoggerMessage(1014, LogLevel.Warning, "The certificate {Subject} of {Local} {Problem}. This is told once a day")]
    public static partial void CertificateEnds(ILogger logger, string subject, IPEndPoint local, string problem);

    [LoggerMessage(1015, LogLevel.Warning,
        "The certificate of {Remote} is not taken for that of {Name}: {Why}. Nothing is sent there; this is told once a minute at most")]
    public static partial void CertificateRefused(ILogger logger, IPEndPoint remote, string? name, string why);

    [LoggerMessage(1020, LogLevel.Critical, "The receiving thread of {Local} failed; it starts again")]
    public static partial void ReceiverFailed(ILogger logger, Exception exception, IPEndPoint local);

    [LoggerMessage(1021, LogLevel.Error, "A message that came to {Local} failed; the others go on")]
    public static partial void MessageFailed(ILogger logger, Exception exception, IPEndPoint local);

    [LoggerMessage(1022, LogLevel.Error, "The receiving thread of {Local} does not end: something that it runs does not come back")]
    public static partial void ReceiverStuck(ILogger logger, IPEndPoint local);

    [LoggerMessage(1023, LogLevel.Warning,
        "The system dropped {Count} datagrams that came to {Local} since this was told last: its receive buffer was full")]
    public static partial void ReceiveOverflow(ILogger logger, IPEndPoint local, long count);

    [LoggerMessage(1024, LogLevel.Warning,
        "{Local} has a receive buffer of {Given} bytes where {Wanted} were wanted, so that a burst loses messages. On Linux set the sysctl "
        + "net.core.rmem_max to {Wanted} or more")]
    public static partial void SmallReceiveBuffer(ILogger logger, IPEndPoint local, int given, int wanted);
}
