using System.Diagnostics.Metrics;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>Counts hook calls, in the meter <c>Atm0s.Sip.Hooks.Http</c>.</summary>
internal sealed class HookMetrics
{
    public const string MeterName = "Atm0s.Sip.Hooks.Http";

    private readonly Counter<long> _calls;
    private readonly Histogram<double> _duration;

    public HookMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        _calls = meter.CreateCounter<long>(
            "atm0s.sip.hooks.http.calls", "{call}", "Hook calls, by hook and outcome; a call with its retries is one.");
        _duration = meter.CreateHistogram<double>(
            "atm0s.sip.hooks.http.duration", "s", "Time from question to answer, retries included, by hook and outcome.");
    }

    public void Called(string hook, HookCallOutcome outcome, TimeSpan duration)
    {
        var name = Name(outcome);
        _calls.Add(1, new("hook", hook), new("outcome", name));
        _duration.Record(duration.TotalSeconds, new("hook", hook), new("outcome", name));
    }

    private static string Name(HookCallOutcome outcome) => outcome switch
    {
        HookCallOutcome.Ok => "ok",
        HookCallOutcome.Status => "status",
        HookCallOutcome.Timeout => "timeout",
        HookCallOutcome.TooLarge => "too_large",
        HookCallOutcome.Unparsable => "unparsable",
        HookCallOutcome.RefusedAddress => "refused_address",
        HookCallOutcome.BreakerOpen => "breaker_open",
        HookCallOutcome.Connection => "connection",
        _ => "cancelled",
    };
}
