using Atm0s.Sip.Core.Transport;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Core.Diagnostics;

/// <summary>What the stack logs. Ids are stable.</summary>
internal static partial class StackLog
{
    [LoggerMessage(1100, LogLevel.Error, "Work on shard {Shard} failed; its other calls go on")]
    public static partial void ShardWorkFailed(ILogger logger, Exception exception, int shard);

    [LoggerMessage(
        1102, LogLevel.Warning,
            "Shard {Shard} is overloaded: messages wait longer than {MaxWait}; a part of the new requests is answered 503")]
    public static partial void Overloaded(ILogger logger, int shard, TimeSpan maxWait);

    [LoggerMessage(1103, LogLevel.Error, "Stopping a part of the stack failed; the others are stopped")]
    public static partial void StopFailed(ILogger logger, Exception exception);

    [LoggerMessage(1101, LogLevel.Error, "An INVITE from {Flow} was left without an answer; it is answered 500")]
    public static partial void InviteGivenUp(ILogger logger, SipFlow flow);
}
