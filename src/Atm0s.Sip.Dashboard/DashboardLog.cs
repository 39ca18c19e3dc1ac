using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Dashboard;

/// <summary>What the dashboard logs.</summary>
internal static partial class DashboardLog
{
    [LoggerMessage(2620, LogLevel.Error, "The server can't be read for the dashboard; its pages are told nothing until it can")]
    public static partial void LookFailed(ILogger logger, Exception exception);

    [LoggerMessage(2621, LogLevel.Warning, "{Event} is not shown on the dashboard")]
    public static partial void EventSkipped(ILogger logger, Exception exception, string @event);

    [LoggerMessage(2622, LogLevel.Error, "The events of the server can't be read any more; the dashboard shows none of them")]
    public static partial void EventsFailed(ILogger logger, Exception exception);
}
