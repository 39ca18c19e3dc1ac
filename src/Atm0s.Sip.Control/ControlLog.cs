using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Control;

/// <summary>What the control API logs.</summary>
internal static partial class ControlLog
{
    [LoggerMessage(2600, LogLevel.Warning, "A wrong API key came from {Source}")]
    public static partial void WrongKey(ILogger logger, string source);

    [LoggerMessage(2601, LogLevel.Warning, "{Count} wrong API keys came from {Source} within a minute; its answers are held back")]
    public static partial void ManyWrongKeys(ILogger logger, string source, int count);

    [LoggerMessage(2602, LogLevel.Warning, "{Event} is not told to those who watch /sip/events")]
    public static partial void EventSkipped(ILogger logger, Exception? exception, string @event);

    [LoggerMessage(2603, LogLevel.Error, "The events of the server can't be read any more; the streams of those who watch end")]
    public static partial void EventsFailed(ILogger logger, Exception exception);
}
