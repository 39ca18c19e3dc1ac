using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Calls.Records;

/// <summary>What is told of a call.</summary>
internal static class CallReports
{
    /// <summary>Of a call as it is.</summary>
    /// <param name="call">The call.</param>
    /// <param name="ended">How it ended; null while it goes on.</param>
    public static CallReport New(Call call, CallEvent.Ended? ended = null)
    {
        var answered = call.AnsweredAt;
        return new CallReport(call.Record)
        {
            Info = call.Info,
            State = call.State,
            StartedAt = call.BegunAt,
            AnsweredAt = answered is { } at ? call.BegunAt + (at - call.StartedAt) : null,
            End = ended,
            CallerAuthentication = call.CallerAuthentication,
            ForCallId = call.ForCallId,
            HasFailed = ended is not null && CallFailures.HasFailed(ended.Cause, answered is not null),
        };
    }

    /// <summary>Of a call that has ended, which is kept.</summary>
    public static CallReport Keep(Call call, CallEvent.Ended ended)
    {
        call.Record.End();
        var report = New(call, ended);
        call.Services.History.Add(report, call.Record);
        return report;
    }
}
