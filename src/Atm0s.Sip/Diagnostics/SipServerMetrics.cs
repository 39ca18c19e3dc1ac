using System.Diagnostics.Metrics;
using Atm0s.Sip.Core.Diagnostics;
using Atm0s.Sip.Diagnostics.Metrics;
using Atm0s.Sip.HookCalls;

namespace Atm0s.Sip.Diagnostics;

/// <summary>What a server counts, in the meter <see cref="SipTelemetry.ServerMeterName"/>.</summary>
internal sealed class SipServerMetrics : IDisposable
{
    private static readonly string[] _hookStatuses = Enum.GetNames<HookStatus>();

    private readonly StatusTags _statuses = new();
    private readonly Meter _meter;
    private readonly Counter<long> _hookCalls;
    private readonly Histogram<double> _hookDuration;
    private readonly Counter<long> _hookLate;
    private readonly Counter<long> _hookDemoted;
    private readonly Counter<long> _eventsLost;
    private readonly Counter<long> _registrations;
    private readonly Histogram<double> _registrationDelay;
    private readonly Counter<long> _authentications;
    private readonly Counter<long> _limits;
    private readonly Counter<long> _faults;
    private ServerGauges? _gauges;

    /// <param name="factory">Makes the meter; null makes one that belongs to nobody.</param>
    public SipServerMetrics(IMeterFactory? factory = null)
    {
        _meter = factory?.Create(SipTelemetry.ServerMeterName) ?? new Meter(SipTelemetry.ServerMeterName);
        Calls = new CallMetrics(_meter, _statuses);
        _hookCalls = _meter.CreateCounter<long>("atm0s.sip.hook.calls", "{call}", "Questions put to the host, by handler and outcome.");
        _hookDuration = _meter.CreateHistogram(
            "atm0s.sip.hook.duration",
            "s",
            "Time from question to outcome, by handler and outcome.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = Buckets.Answers });
        _hookLate = _meter.CreateCounter<long>(
            "atm0s.sip.hook.late", "{answer}", "Answers of the host that came after the caller had gone.");
        _hookDemoted = _meter.CreateCounter<long>(
            "atm0s.sip.hook.demoted", "{handler}", "Handlers that promised not to block, but held a shard.");
        _eventsLost = _meter.CreateCounter<long>(
            "atm0s.sip.events.lost", "{event}", "Events that a slow observer was not told of, by observer.");
        _registrations = _meter.CreateCounter<long>("atm0s.sip.registrations", "{request}", "REGISTER requests answered, by status code.");
        _registrationDelay = _meter.CreateHistogram(
            "atm0s.sip.registration.request_delay",
            "s",
            "RRD (RFC 6076 §4.1) of our registrations with trunks: from the REGISTER to its last response, by trunk and outcome.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = Buckets.Answers });
        _authentications = _meter.CreateCounter<long>(
            "atm0s.sip.authentications", "{request}", "Credentials checked, by method and verdict.");
        _limits = _meter.CreateCounter<long>("atm0s.sip.limits", "{request}", "Requests that met a limit, by limit.");
        _faults = _meter.CreateCounter<long>(
            "atm0s.sip.faults", "{fault}", "Exceptions that ended a piece of work of the server's own, by kind of work.");
    }

    /// <summary>What is counted of calls.</summary>
    public CallMetrics Calls { get; }

    /// <summary>From now on the state of this server is told when somebody asks.</summary>
    public void Observe(Server.ServerParts parts) => _gauges = new ServerGauges(_meter, parts);

    public void HookCalled(string hook, HookStatus status, TimeSpan duration)
    {
        var outcome = _hookStatuses[(int)status];
        _hookCalls.Count(new("hook", hook), new("outcome", outcome));
        _hookDuration.Measure(duration.TotalSeconds, new("hook", hook), new("outcome", outcome));
    }

    /// <summary>A piece of work has thrown.</summary>
    public void Fault(string work) => _faults.Count(new KeyValuePair<string, object?>("work", work));

    public void HookLate(string hook) => _hookLate.Count(new KeyValuePair<string, object?>("hook", hook));

    public void HookDemoted(string hook) => _hookDemoted.Count(new KeyValuePair<string, object?>("hook", hook));

    public void EventLost(string hook) => _eventsLost.Count(new KeyValuePair<string, object?>("hook", hook));

    public void RegisterAnswered(int status) =>
        _registrations.Count(new KeyValuePair<string, object?>("status", _statuses[status]));

    /// <summary>A trunk has answered a registration of ours, or has not.</summary>
    public void TrunkAnswered(string trunk, bool isRegistered, TimeSpan delay) =>
        _registrationDelay.Measure(delay.TotalSeconds, new("trunk", trunk), new("outcome", Outcomes.Of(isRegistered)));

    public void Authenticated(string method, string verdict) =>
        _authentications.Count(new("method", method), new("verdict", verdict));

    /// <summary>A request met a limit, and is dropped or refused. Allocates nothing.</summary>
    public void LimitMet(string limit) => _limits.Count(new KeyValuePair<string, object?>("limit", limit));

    /// <summary>Tells nothing any more. A meter of a factory lives as long as that.</summary>
    public void Dispose()
    {
        _gauges?.Dispose();
        _meter.Dispose();
    }
}
