using Atm0s.Sip.Media.Net;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Media.Diagnostics;

/// <summary>What media logs, by event number.</summary>
internal static partial class MediaLog
{
    [LoggerMessage(3000, LogLevel.Error, "A member of room {Room} threw; it counts as silent")]
    public static partial void MemberFailed(ILogger logger, Exception exception, string room);

    [LoggerMessage(3001, LogLevel.Error, "The observer of the leg at port {Port} threw")]
    public static partial void ObserverFailed(ILogger logger, Exception exception, int port);

    [LoggerMessage(3002, LogLevel.Error, "The tick of room {Room} threw; the room is closed")]
    public static partial void RoomFailed(ILogger logger, Exception exception, string room);

    [LoggerMessage(3003, LogLevel.Warning, "No pair of UDP ports at {Address}: {Why} ({Unsaid} more since this was last said)")]
    public static partial void NoPort(ILogger logger, System.Net.IPAddress address, MediaBindResult why, long unsaid);

    [LoggerMessage(3004, LogLevel.Warning,
        "Media thread {Index} was {Late} ms late and skipped {Ticks} periods ({Unsaid} times more since this was last said)")]
    public static partial void Skipped(ILogger logger, int index, double late, long ticks, long unsaid);

    [LoggerMessage(3020, LogLevel.Error,
        "The tick of room {Room} on media thread {Index} has not ended for a second; all rooms of this thread are silent")]
    public static partial void Stuck(ILogger logger, int index, string room);

    [LoggerMessage(
        3021, LogLevel.Error, "The tick of room {Room} does not end: the room and its calls are given up, the other rooms go on")]
    public static partial void RoomGivenUp(ILogger logger, string room);

    [LoggerMessage(3024, LogLevel.Error, "A member of room {Room} does not come back from its turn: it is given up, the others go on")]
    public static partial void MemberGivenUp(ILogger logger, string room);

    [LoggerMessage(3022, LogLevel.Error, "Media thread {Index} does not end and is left behind")]
    public static partial void LeftBehind(ILogger logger, int index);

    [LoggerMessage(
        3023, LogLevel.Information,
        "Media threads keep their normal priority (CAP_SYS_NICE or RLIMIT_NICE raises it): the JIT of the first minute may make audio "
        + "late")]
    public static partial void NotRaised(ILogger logger);

    [LoggerMessage(3028, LogLevel.Information, "Datagrams of a tick are received and sent by one call of the system (io_uring)")]
    public static partial void Ring(ILogger logger);

    [LoggerMessage(3029, LogLevel.Information,
        "Datagrams are received and sent by a call of the system each: io_uring of Linux 6.1 is not to be had (error {Error})")]
    public static partial void NoRing(ILogger logger, int error);

    [LoggerMessage(3025, LogLevel.Warning,
        "Media thread {Index} has too much to do, or has time again: encoders work with complexity {Complexity} at most; no new calls: {IsFull}")]
    public static partial void Governed(ILogger logger, int index, int complexity, bool isFull);

    [LoggerMessage(3026, LogLevel.Warning, "No new leg: the media threads have no time for more ({Unsaid} more since this was last said)")]
    public static partial void Full(ILogger logger, long unsaid);

    [LoggerMessage(3005, LogLevel.Error, "A member of room {Room} threw and was taken out of it; the others go on")]
    public static partial void MemberEnded(ILogger logger, Exception exception, string room);

    [LoggerMessage(3006, LogLevel.Warning, "A codec threw when it was disposed of")]
    public static partial void DisposalFailed(ILogger logger, Exception exception);

    [LoggerMessage(3007, LogLevel.Error, "Media thread {Index} failed and goes on ({Unsaid} more since this was last said)")]
    public static partial void ThreadFailed(ILogger logger, Exception exception, int index, long unsaid);
}
