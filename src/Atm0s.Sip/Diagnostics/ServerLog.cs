using System.Net;
using Atm0s.Sip.Hooks;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Diagnostics;

/// <summary>Everything the server logs. Ids are stable; secrets never appear.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(2000, LogLevel.Information, "Listening for {Protocol} at {EndPoint}, advertised as {Advertised}")]
    public static partial void Listening(ILogger logger, string protocol, IPEndPoint endPoint, string advertised);

    [LoggerMessage(2001, LogLevel.Warning, "{Reason}")]
    public static partial void OpusMissing(ILogger logger, string reason);

    [LoggerMessage(2003, LogLevel.Warning, "{Choice} {Caution}")]
    public static partial void OpusCaution(ILogger logger, string choice, string caution);

    [LoggerMessage(2002, LogLevel.Information, "Stopped; {Calls} calls were ended")]
    public static partial void Stopped(ILogger logger, int calls);

    [LoggerMessage(2006, LogLevel.Information, "No new calls are taken; the {Calls} that are up have {Limit} to end")]
    public static partial void Draining(ILogger logger, int calls, TimeSpan limit);

    [LoggerMessage(2007, LogLevel.Information, "The wait for calls to end is over; {Calls} are still up")]
    public static partial void Drained(ILogger logger, int calls);

    [LoggerMessage(2008, LogLevel.Warning, "Stopped, though observers are too slow: after {Limit} {Events} events are not told yet")]
    public static partial void StoppedUntold(ILogger logger, int events, TimeSpan limit);

    [LoggerMessage(2010, LogLevel.Error, "{Hook} failed for {Id}")]
    public static partial void HookFailed(ILogger logger, Exception exception, string hook, string id);

    [LoggerMessage(2011, LogLevel.Warning, "{Hook} took longer than {Timeout} for {Id}")]
    public static partial void HookTimedOut(ILogger logger, string hook, string id, TimeSpan timeout);

    [LoggerMessage(2012, LogLevel.Warning, "{Hook} is too slow for {Id}: the oldest of its events are lost, but no beginning and no end")]
    public static partial void EventsDropped(ILogger logger, string hook, string id);

    [LoggerMessage(2013, LogLevel.Error, "{Hook} is too slow for all that happens: {Max} events wait, and more are lost")]
    public static partial void EventsLost(ILogger logger, string hook, int max);

    [LoggerMessage(
        2014, LogLevel.Warning,
            "{Hook}: {Type} is [NonBlocking] but held the signalling thread for {Held}; it is asked elsewhere from now on")]
    public static partial void HookHeldShard(ILogger logger, string hook, string type, TimeSpan held);

    [LoggerMessage(
        2015,
        LogLevel.Information,
        "{Hook}: {Type} is [NonBlocking] but made anew for each question, so it is not asked on the signalling thread; register it as a "
            + "singleton")]
    public static partial void HookMarkedInVain(ILogger logger, string hook, string type);

    [LoggerMessage(2016, LogLevel.Warning, "{Hook}: {Max} questions to the host are under way; new ones are answered 503")]
    public static partial void HooksFull(ILogger logger, string hook, int max);

    [LoggerMessage(2020, LogLevel.Information, "Call {CallId} {Direction} {From} -> {To}: connecting, room {RoomId}; Call-ID {SipCallId}")]
    public static partial void CallConnecting(
        ILogger logger, string callId, CallDirection direction, string from, string to, string roomId, string sipCallId);

    [LoggerMessage(2021, LogLevel.Information, "Call {CallId}: answered with {Codec}; audio from {Local} to {Remote} (because: {Why})")]
    public static partial void CallAnswered(ILogger logger, string callId, string codec, IPEndPoint local, object remote, string why);

    [LoggerMessage(2022, LogLevel.Information, "Call {CallId}: ended, {Cause} ({Status}): {Reason}, after {Duration}")]
    public static partial void CallEnded(ILogger logger, string callId, CallEndCause cause, int status, string reason, TimeSpan duration);

    [LoggerMessage(2023, LogLevel.Information, "INVITE {CallId} from {Source} refused with {Status}: {Reason}")]
    public static partial void InviteRefused(ILogger logger, string callId, IPEndPoint source, int status, string reason);

    // Not louder: who floods us must not fill the log.
    [LoggerMessage(2029, LogLevel.Debug, "INVITE {CallId} from {Source} refused with 503: {Reason}")]
    public static partial void InviteOverLimit(ILogger logger, string callId, IPEndPoint source, string reason);

    [LoggerMessage(2024, LogLevel.Debug, "Call {CallId}: audio comes from {Source}")]
    public static partial void MediaLatched(ILogger logger, string callId, IPEndPoint source);

    [LoggerMessage(2051, LogLevel.Information, "Call {CallId}: {Method} from {Source} refused: {Reason}")]
    public static partial void DialogRequestRefused(ILogger logger, string callId, string method, IPEndPoint source, string reason);

    // The digit is not logged: it may be part of a PIN.
    [LoggerMessage(2025, LogLevel.Debug, "Call {CallId}: the phone sent a digit for {Duration}")]
    public static partial void Dtmf(ILogger logger, string callId, TimeSpan duration);

    [LoggerMessage(2027, LogLevel.Error, "Call {CallId} failed and is ended; the others go on")]
    public static partial void CallFailed(ILogger logger, Exception exception, string callId);

    [LoggerMessage(2028, LogLevel.Debug, "Call {CallId}: a step of its end failed")]
    public static partial void CallEndFailed(ILogger logger, Exception exception, string callId);

    [LoggerMessage(2030, LogLevel.Information, "Registered {Username} as {SessionId} from {Source} for {Expires}")]
    public static partial void Registered(ILogger logger, string username, string sessionId, IPEndPoint source, TimeSpan expires);

    [LoggerMessage(2031, LogLevel.Information, "Unregistered {Username} as {SessionId}: {Reason}")]
    public static partial void Unregistered(ILogger logger, string username, string sessionId, UnregisterReason reason);

    [LoggerMessage(2032, LogLevel.Debug, "REGISTER of {Username} from {Source} refused with {Status}: {Reason}")]
    public static partial void RegisterRefused(ILogger logger, string username, IPEndPoint source, int status, string reason);

    // The address stands first and is ours: programs that lock out who guesses (fail2ban) read it.
    [LoggerMessage(2033, LogLevel.Warning, "Wrong password from {Address}: {Method} as \"{User}\"")]
    public static partial void WrongPassword(ILogger logger, IPAddress address, string method, string user);

    [LoggerMessage(2034, LogLevel.Warning, "Too many wrong passwords from {Address}: it may try once each {Recovery}")]
    public static partial void GuessingSlowed(ILogger logger, IPAddress address, TimeSpan recovery);

    [LoggerMessage(2035, LogLevel.Warning, "Scanner from {Address} over {Protocol}: {Method} dropped, it calls itself \"{Agent}\"")]
    public static partial void ScannerDropped(ILogger logger, IPAddress address, string protocol, string method, string agent);

    [LoggerMessage(
        2036, LogLevel.Warning, "Too many requests from {Address} over {Protocol}: what is beyond {PerSecond} a second is dropped")]
    public static partial void SourceSlowed(ILogger logger, IPAddress address, string protocol, int perSecond);

    [LoggerMessage(
        2037, LogLevel.Warning,
            "Too many wrong passwords for \"{User}\": from where it is not known no more are looked at within {Window}")]
    public static partial void UserLocked(ILogger logger, string user, TimeSpan window);

    [LoggerMessage(2038, LogLevel.Warning, "Offender at {Address} dropped for {Duration}")]
    public static partial void OffenderDropped(ILogger logger, IPAddress address, TimeSpan duration);

    [LoggerMessage(2040, LogLevel.Information, "Trunk {Trunk}: {State}, status {Status}, for {Expires}")]
    public static partial void TrunkRegistered(ILogger logger, string trunk, TrunkState state, int status, TimeSpan expires);

    [LoggerMessage(2042, LogLevel.Information, "Trunk {Trunk}: {State}, status {Status}")]
    public static partial void TrunkChanged(ILogger logger, string trunk, TrunkState state, int status);

    [LoggerMessage(
        2044, LogLevel.Warning,
        "Trunk {Trunk} is reached over TLS, and a request from its address has come over {Way}: that is a stranger's, as are all that follow")]
    public static partial void TrunkInTheClear(ILogger logger, string trunk, string way);

    [LoggerMessage(2043, LogLevel.Warning, "Trunk {Trunk}: {Server} has not answered our REGISTER for {Silence}")]
    public static partial void TrunkSilent(ILogger logger, string trunk, string server, TimeSpan silence);

    [LoggerMessage(
        2004, LogLevel.Warning,
        "The realm is {Realm}, the original server's, because none is set: phones show it with the question for a password, and it is part "
        + "of every stored hash. Set Realm to a name of yours, or to this one if your hashes were made with it")]
    public static partial void DefaultRealm(ILogger logger, string realm);

    [LoggerMessage(
        2041, LogLevel.Warning, "Trunk {Trunk}: not registered with {Server}, status {Status} ({Reason}); trying again in {Retry}")]
    public static partial void TrunkFailed(ILogger logger, string trunk, string server, int status, string reason, TimeSpan retry);

    [LoggerMessage(2026, LogLevel.Information, "Call {CallId}: moved from room {From} to room {To}")]
    public static partial void CallMoved(ILogger logger, string callId, string from, string to);

    [LoggerMessage(2090, LogLevel.Information, "The settings have changed; in force now: {Applied}")]
    public static partial void SettingsChanged(ILogger logger, string applied);

    [LoggerMessage(2091, LogLevel.Warning, "The settings have changed; these need a restart: {NeedRestart}")]
    public static partial void SettingsNeedRestart(ILogger logger, string needRestart);

    [LoggerMessage(2092, LogLevel.Error, "The changed settings are refused, those of before stay in force: {Problem}")]
    public static partial void SettingsRefused(ILogger logger, string problem);

    [LoggerMessage(2050, LogLevel.Information, "The host \"{Host}\", named as a place of audio, is not found: {Why}")]
    public static partial void HostNotFound(ILogger logger, string host, string why);

    [LoggerMessage(2100, LogLevel.Error, "The bot {Bot} has failed; what it throws from now on is not told")]
    public static partial void BotFailed(ILogger logger, Exception exception, string bot);

    [LoggerMessage(2101, LogLevel.Error, "The recording {Recording} into {Path} has ended after {Recorded}: the file can't be written")]
    public static partial void RecordingFailed(ILogger logger, Exception? exception, string recording, string path, TimeSpan recorded);

    [LoggerMessage(2102, LogLevel.Information, "The stream {Stream} to {Host} is open, for {What}")]
    public static partial void StreamOpen(ILogger logger, string stream, string host, string what);

    [LoggerMessage(2103, LogLevel.Warning, "The stream {Stream} to {Host} is given up: {Reason}")]
    public static partial void StreamFailed(ILogger logger, string stream, string host, string reason);

    [LoggerMessage(2060, LogLevel.Error, "A piece of work failed ({Work}); the others go on")]
    public static partial void WorkFailed(ILogger logger, Exception exception, string work);
}
