using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>Everything the hook client logs. No URL, header or body: any of them may hold a secret.</summary>
internal static partial class HookLog
{
    [LoggerMessage(2500, LogLevel.Debug, "Hook {Hook} answered for {Id} after {Milliseconds} ms")]
    public static partial void Answered(ILogger logger, string hook, string id, long milliseconds);

    [LoggerMessage(2501, LogLevel.Warning, "Hook {Hook} failed for {Id} after {Milliseconds} ms: {Reason}")]
    public static partial void Failed(ILogger logger, string hook, string id, long milliseconds, string reason);

    [LoggerMessage(2502, LogLevel.Warning, "Hook {Hook}, event {Id}: dropped")]
    public static partial void EventDropped(ILogger logger, string hook, string id);

    [LoggerMessage(2503, LogLevel.Information, "Hook {Hook} did not take note of {Id}: success is false")]
    public static partial void NotNoted(ILogger logger, string hook, string id);

    [LoggerMessage(2504, LogLevel.Warning, "Call {Id} is refused with {Status}: the hook could not be asked")]
    public static partial void InviteFallback(ILogger logger, string id, int status);

    [LoggerMessage(2505, LogLevel.Warning, "Call {Id} is refused with 486: {Reason}")]
    public static partial void BadInviteAnswer(ILogger logger, string id, string reason);

    [LoggerMessage(2506, LogLevel.Warning, "{Count} events of the server were missed: the hook server may not know of the end of some rooms")]
    public static partial void RoomsMissed(ILogger logger, long count);
}
