using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Core.Diagnostics;

/// <summary>What the stack logs. Ids are stable.</summary>
internal static partial class StackLog
{
    [LoggerMessage(1100, LogLevel.Error, "Work on shard {Shard} failed; its other calls go on")]
    public static partial void ShardWorkFailed(ILogger logger, Exception exception, int shard);
}
