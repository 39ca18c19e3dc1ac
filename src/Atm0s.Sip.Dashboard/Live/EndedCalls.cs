using Atm0s.Sip.Dashboard.Messages;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Dashboard.Live;

/// <summary>How calls ended, in rows.</summary>
internal static class EndedCalls
{
    public static EndedRow RowOf(CallReport report, CallEvent.Ended end)
    {
        var info = end.Call;
        return new EndedRow
        {
            Id = info.CallId,
            Direction = info.Direction == CallDirection.Incoming ? "in" : "out",
            From = RowText.Short(info.From),
            To = RowText.Short(info.To),
            Room = RowText.ShortOrNull(info.RoomId),
            Trunk = RowText.ShortOrNull(info.Trunk),
            At = end.Timestamp.ToUnixTimeMilliseconds(),
            Duration = (long)end.Duration.TotalMilliseconds,
            Outcome = IsMissed(end.Cause) ? "missed" : report.WasTurnedAway ? "refused" : report.HasFailed ? "failed" : "ok",
            Cause = RowText.Of(end.Cause),
            Status = end.StatusCode,
            Reason = RowText.Short(end.Reason),
            Mos = end.Quality?.Mos is { } mos && double.IsFinite(mos) ? Math.Round(mos, 2) : null,
        };
    }

    /// <summary>Whether the called side did not take it: nothing is wrong with the server.</summary>
    public static bool IsMissed(CallEndCause cause) => cause is CallEndCause.Busy or CallEndCause.Declined or CallEndCause.NoAnswer;

    /// <summary>Whether something went wrong, as far as the cause tells.</summary>
    public static bool IsFailure(CallEndCause cause) => cause is CallEndCause.Gone or CallEndCause.Rejected or CallEndCause.MediaTimeout
        or CallEndCause.AckTimeout or CallEndCause.MediaNegotiation or CallEndCause.Unauthorized or CallEndCause.HandlerFailed
        or CallEndCause.SessionExpired or CallEndCause.Failed or CallEndCause.EncryptionFailed;
}
