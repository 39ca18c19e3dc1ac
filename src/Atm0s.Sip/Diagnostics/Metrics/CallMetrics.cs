using System.Diagnostics.Metrics;
using Atm0s.Sip.Core.Diagnostics;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Diagnostics.Metrics;

/// <summary>What is counted of calls; from the figures of RFC 6076 come its ratios (docs/observability.md). Any thread.</summary>
internal sealed class CallMetrics
{
    private static readonly string[] _causes = Enum.GetNames<CallEndCause>();
    private static readonly string[] _directions = Enum.GetNames<CallDirection>();

    private readonly StatusTags _statuses;
    private readonly Counter<long> _invites;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _transfers;
    private readonly Histogram<double> _requestDelay;
    private readonly Histogram<double> _disconnectDelay;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _jitter;
    private readonly Histogram<double> _loss;
    private readonly Histogram<double> _concealed;
    private readonly Histogram<double> _roundTrip;
    private readonly Histogram<double> _mos;

    public CallMetrics(Meter meter, StatusTags statuses)
    {
        _statuses = statuses;
        _invites = meter.CreateCounter<long>(
            "atm0s.sip.invites", "{request}", "INVITEs that make a call and have their last response, by direction and its status code.");
        _refused = meter.CreateCounter<long>(
            "atm0s.sip.calls.refused", "{call}", "Calls that were refused before they were any, by direction and reason.");
        _ended = meter.CreateCounter<long>("atm0s.sip.calls.ended", "{call}", "Calls that ended, by cause and direction.");
        _transfers = meter.CreateCounter<long>("atm0s.sip.transfers", "{request}", "REFERs, by who sent them and outcome.");
        _requestDelay = Histogram(
            "atm0s.sip.session.request_delay",
            "s",
            Buckets.Setups,
            "SRD (RFC 6076 §4.3): from the INVITE to the first sign of ringing or to the answer, else to the refusal; by direction and "
            + "outcome.");
        _disconnectDelay = Histogram(
            "atm0s.sip.session.disconnect_delay", "s", Buckets.Answers, "SDD (RFC 6076 §4.4): from our BYE to its answer, by outcome.");
        _duration = Histogram(
            "atm0s.sip.session.duration",
            "s",
            Buckets.Calls,
            "SDT (RFC 6076 §4.5): from the answer to the end, by direction and cause.");
        _jitter = Histogram(
            "atm0s.sip.call.jitter", "s", Buckets.Jitter, "Jitter here at the end of a call (RFC 3550 §6.4.1), by direction and codec.");
        _loss = Histogram(
            "atm0s.sip.call.loss", "1", Buckets.Shares, "Share of RTP packets that did not come in a call, by direction and codec.");
        _concealed = Histogram(
            "atm0s.sip.call.concealed", "1", Buckets.Shares, "Share of what was played in a call that was made up, by direction and codec.");
        _roundTrip = Histogram(
            "atm0s.sip.call.round_trip", "s", Buckets.RoundTrips, "Round trip by RTCP at the end of a call, by direction and codec.");
        _mos = Histogram(
            "atm0s.sip.call.mos",
            "{score}",
            Buckets.Scores,
            "Mean opinion score of a call (ITU-T G.107, 1 to 4.5), by direction and codec.");

        Histogram<double> Histogram(string name, string unit, double[] buckets, string description) => meter.CreateHistogram(
            name, unit, description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = buckets });
    }

    /// <summary>An INVITE outside a dialog has its last response. Allocates nothing.</summary>
    public void InviteAnswered(CallDirection direction, int status) =>
        _invites.Count(DirectionOf(direction), new("status", _statuses[status is >= 0 and < 700 ? status : 0]));

    /// <summary>A call was refused before it was any. Allocates nothing.</summary>
    public void Refused(CallDirection direction, string reason) => _refused.Count(DirectionOf(direction), new("reason", reason));

    /// <summary>A call rings, or is answered or refused without.</summary>
    public void Heard(CallDirection direction, bool isSuccess, TimeSpan delay) =>
        _requestDelay.Measure(delay.TotalSeconds, DirectionOf(direction), new("outcome", Outcomes.Of(isSuccess)));

    /// <summary>Our BYE is answered, or given up.</summary>
    public void Disconnected(bool isSuccess, TimeSpan delay) =>
        _disconnectDelay.Measure(delay.TotalSeconds, new KeyValuePair<string, object?>("outcome", Outcomes.Of(isSuccess)));

    /// <summary>A transfer is through.</summary>
    public void Transferred(bool byPhone, string outcome) =>
        _transfers.Count(new("by", byPhone ? "phone" : "host"), new("outcome", outcome));

    /// <summary>A call has ended.</summary>
    /// <param name="direction">Its direction.</param>
    /// <param name="cause">Why.</param>
    /// <param name="duration">Time since the answer; null when it was not answered.</param>
    public void Ended(CallDirection direction, CallEndCause cause, TimeSpan? duration)
    {
        var (whither, why) = (DirectionOf(direction), new KeyValuePair<string, object?>("cause", _causes[(int)cause]));
        _ended.Count(whither, why);
        if (duration is { } time)
            _duration.Measure(time.TotalSeconds, whither, why);
    }

    /// <summary>What the audio of a call was like.</summary>
    public void Heard(CallDirection direction, CallQuality quality)
    {
        var (whither, codec) = (DirectionOf(direction), new KeyValuePair<string, object?>("codec", quality.Codec));
        if (quality.PacketsReceived > 0)
        {
            _jitter.Measure(quality.JitterMilliseconds / 1000, whither, codec);
            _loss.Measure(quality.PacketsLost / (double)(quality.PacketsLost + quality.PacketsReceived), whither, codec);
            _concealed.Measure(quality.ConcealedShare, whither, codec);
        }

        if (quality.RoundTrip is { } roundTrip)
            _roundTrip.Measure(roundTrip.TotalSeconds, whither, codec);
        if (quality.Mos is { } score)
            _mos.Measure(score, whither, codec);
    }

    private static KeyValuePair<string, object?> DirectionOf(CallDirection direction) => new("direction", _directions[(int)direction]);
}
