using Atm0s.Sip.Media.Net;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Diagnostics;

/// <summary>What media logs, by event number.</summary>
internal static partial class MediaLog
{
    [LoggerMessage(2000, LogLevel.Error, "A member of room {Room} threw; it counts as silent")]
    public static partial void MemberFailed(ILogger logger, Exception exception, string room);

    [LoggerMessage(2001, LogLevel.Error, "The observer of the leg at port {Port} threw")]
    public static partial void ObserverFailed(ILogger logger, Exception exception, int port);

    [LoggerMessage(2002, LogLevel.Error, "The tick of room {Room} threw; the room is closed")]
    public static partial void RoomFailed(ILogger logger, Exception exception, string room);

    [LoggerMessage(2003, LogLevel.Warning, "No pair of UDP ports at {Address}: {Why} ({Unsaid} more since this was last said)")]
    public static partial void NoPort(ILogger logger, System.Net.IPAddress address, MediaBindResult why, long unsaid);

    [LoggerMessage(2004, LogLevel.Warning, "Media thread {Index} was {Late} ms late and skipped {Ticks} ticks")]
    public static partial void Skipped(ILogger logger, int index, double late, long ticks);

    [LoggerMessage(2005, LogLevel.Error, "A member of room {Room} threw and was taken out of it; the others go on")]
    public static partial void MemberEnded(ILogger logger, Exception exception, string room);

    [LoggerMessage(2006, LogLevel.Warning, "A codec threw when it was disposed of")]
    public static partial void DisposalFailed(ILogger logger, Exception exception);
}
