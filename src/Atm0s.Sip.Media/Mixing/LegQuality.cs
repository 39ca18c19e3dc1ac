using Atm0s.Sip.Media.Quality;
using Atm0s.Sip.Media.Rtp;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>
/// How what the peer sends sounds here: once a second by the E-model, and as a report to the peer (RFC 3611 §4.7). Media thread only.
/// </summary>
internal sealed class LegQuality
{
    private const int MinPackets = 50;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ReceptionLog _log = new();
    private TimeSpan _due;
    private double? _rating;
    private double? _listeningScore;

    /// <summary>Mean opinion score of the call so far, 1 to 4.5; null before enough was received.</summary>
    public double? Mos { get; private set; }

    /// <summary>A packet of the source came.</summary>
    public void OnPacket(ushort sequence, bool isDiscarded) => _log.OnPacket(sequence, isDiscarded);

    /// <summary>Another stream begins.</summary>
    public void Restart() => _log.Restart();

    /// <summary>Rates the call, when a second has passed.</summary>
    /// <param name="input">What is received.</param>
    /// <param name="codec">Of what is received.</param>
    /// <param name="roundTrip">Of the network; null when it is not known.</param>
    /// <param name="now">Monotonic.</param>
    public void Rate(LegInput input, CodecImpairment codec, TimeSpan? roundTrip, TimeSpan now)
    {
        if (now < _due || _log.Meter.Packets < MinPackets)
            return;
        _due = now + Interval;
        var playout = input.Playout;
        var share = playout.Played > TimeSpan.Zero ? playout.Concealed / playout.Played : 0;
        var burstRatio = _log.Meter.BurstRatio;
        var delay = ((roundTrip ?? TimeSpan.Zero) / 2) + input.Receiver.Delay + input.PacketTime;
        _rating = EModel.Rate(delay, share, burstRatio, codec);
        _listeningScore = EModel.MeanOpinionScore(EModel.Rate(TimeSpan.Zero, share, burstRatio, codec));
        Mos = EModel.MeanOpinionScore(_rating.Value);
    }

    /// <summary>What to tell the peer of its stream.</summary>
    /// <param name="input">What is received.</param>
    /// <param name="source">Its SSRC.</param>
    /// <param name="maximumDelay">That the jitter buffer may reach.</param>
    /// <param name="roundTrip">Of the network; null when it is not known.</param>
    public RtcpXrVoipMetrics Report(LegInput input, uint source, TimeSpan maximumDelay, TimeSpan? roundTrip) => new()
    {
        Source = source,
        Losses = _log.Meter.Measure(input.PacketTime),
        RoundTrip = roundTrip ?? TimeSpan.Zero,
        EndSystemDelay = input.Receiver.Delay + input.PacketTime,
        Rating = _rating,
        ListeningScore = _listeningScore,
        ConversationalScore = Mos,
        Concealment = LossConcealment.Enhanced,
        JitterBuffer = JitterBufferKind.Adaptive,
        JitterBufferNominal = input.Receiver.Delay,
        JitterBufferMaximum = maximumDelay,
        JitterBufferAbsoluteMaximum = maximumDelay,
    };
}
