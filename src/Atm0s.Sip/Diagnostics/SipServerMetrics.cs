using System.Diagnostics.Metrics;
using Atm0s.Sip.HookCalls;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Diagnostics;

/// <summary>Counters of a server, in the meter <c>Atm0s.Sip.Server</c>.</summary>
internal sealed class SipServerMetrics : IDisposable
{
    public const string MeterName = "Atm0s.Sip.Server";

    private readonly object?[] _statuses = new object?[700];
    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _hookCalls;
    private readonly Counter<long> _hookLate;
    private readonly Counter<long> _hookDemoted;
    private readonly Counter<long> _eventsLost;
    private readonly Counter<long> _callsEnded;
    private readonly Counter<long> _registrations;
    private readonly Counter<long> _authentications;
    private readonly Counter<long> _limits;
    private readonly UpDownCounter<int> _calls;

    public SipServerMetrics()
    {
        _hookCalls = _meter.CreateCounter<long>("atm0s.sip.hook.calls", "{call}", "Questions put to the host, by handler and outcome.");
        _hookLate = _meter.CreateCounter<long>(
            "atm0s.sip.hook.late", "{answer}", "Answers of the host that came after the caller had gone.");
        _hookDemoted = _meter.CreateCounter<long>(
            "atm0s.sip.hook.demoted", "{handler}", "Handlers that promised not to block, but held a shard.");
        _eventsLost = _meter.CreateCounter<long>(
            "atm0s.sip.events.lost", "{event}", "Events that a slow observer was not told of, by observer.");
        _callsEnded = _meter.CreateCounter<long>("atm0s.sip.calls.ended", "{call}", "Calls that ended, by cause and direction.");
        _registrations = _meter.CreateCounter<long>("atm0s.sip.registrations", "{request}", "REGISTER requests answered, by status code.");
        _authentications = _meter.CreateCounter<long>(
            "atm0s.sip.authentications", "{request}", "Credentials checked, by method and verdict.");
        _limits = _meter.CreateCounter<long>("atm0s.sip.limits", "{request}", "Requests that met a limit, by limit.");
        _calls = _meter.CreateUpDownCounter<int>("atm0s.sip.calls.active", "{call}", "Calls that exist now.");
    }

    public void HookCalled(string hook, HookStatus status) =>
        _hookCalls.Add(1, new("hook", hook), new("outcome", status.ToString()));

    public void HookLate(string hook) => _hookLate.Add(1, new KeyValuePair<string, object?>("hook", hook));

    public void HookDemoted(string hook) => _hookDemoted.Add(1, new KeyValuePair<string, object?>("hook", hook));

    public void EventLost(string hook) => _eventsLost.Add(1, new KeyValuePair<string, object?>("hook", hook));

    public void CallStarted() => _calls.Add(1);

    public void CallEnded(CallDirection direction, CallEndCause cause)
    {
        _calls.Add(-1);
        _callsEnded.Add(1, new("direction", direction.ToString()), new("cause", cause.ToString()));
    }

    // One object for each status, 100 to 699: a flood must leave nothing to collect.
    public void RegisterAnswered(int status) =>
        _registrations.Add(1, new KeyValuePair<string, object?>("status", _statuses[status] ??= status));

    public void Authenticated(string method, string verdict) =>
        _authentications.Add(1, new("method", method), new("verdict", verdict));

    /// <summary>A request met a limit, and is dropped or refused. Allocates nothing.</summary>
    public void LimitMet(string limit) => _limits.Add(1, new KeyValuePair<string, object?>("limit", limit));

    public void Dispose() => _meter.Dispose();
}
