using System.Diagnostics.Metrics;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>Counts hook calls, in the meter <c>Atm0s.Sip.Hooks.Http</c>.</summary>
internal sealed class HookMetrics
{
    public const string MeterName = "Atm0s.Sip.Hooks.Http";

    // Of answers, in seconds; after ten, as a rule, nobody waits any more.
    private static readonly double[] _answers = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32];

    private readonly Counter<long> _calls;
    private readonly Histogram<double> _duration;

    public HookMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        _calls = meter.CreateCounter<long>(
            "atm0s.sip.hooks.http.calls", "{call}", "Hook calls, by hook and outcome; a call with its retries is one.");
        _duration = meter.CreateHistogram(
            "atm0s.sip.hooks.http.duration",
            "s",
            "Time from question to answer, retries included, by hook and outcome.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = _answers });
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
