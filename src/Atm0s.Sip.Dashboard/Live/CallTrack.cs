using Atm0s.Sip.Dashboard.Messages;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Dashboard.Live;

/// <summary>What the pages know of one live call.</summary>
/// <param name="call">The call.</param>
/// <param name="number">Its number in the pulse.</param>
/// <param name="started">When it began.</param>
/// <param name="answered">When it was answered, if it was before the first look.</param>
internal sealed class CallTrack(ISipCall call, int number, DateTimeOffset started, DateTimeOffset? answered)
{
    private DateTimeOffset? _answered = answered;
    private LossWindow _loss;
    private (int Level, int Mos, int Jitter, int Loss) _told = (int.MinValue, 0, 0, 0);

    public ISipCall Call => call;

    /// <summary>Mean opinion score now, or null.</summary>
    public double? Mos { get; private set; }

    /// <summary>What it sounds like now; five numbers as <see cref="LiveFrame.Pulse"/> has them.</summary>
    public IEnumerable<int> Pulse => _told.Level == int.MinValue ? []
        : [number, _told.Level, _told.Mos, _told.Jitter, _told.Loss];

    /// <summary>The row as it is now.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isNews">Whether <see cref="Pulse"/> changed.</param>
    public CallRow Read(DateTimeOffset now, out bool isNews)
    {
        var info = call.Info;
        var state = call.State;
        if (state == CallState.Answered)
            _answered ??= now;
        var statistics = call.GetStatistics();
        isNews = statistics is not null && TellPulse(statistics, now);
        return new CallRow
        {
            Id = call.Id,
            Number = number,
            Direction = info.Direction == CallDirection.Incoming ? "in" : "out",
            From = RowText.Short(info.From),
            To = RowText.Short(info.To),
            State = RowText.Of(state),
            Room = info.RoomId,
            Trunk = info.Trunk,
            User = RowText.ShortOrNull(info.Username),
            Participant = info.ParticipantId == call.Id ? null : RowText.ShortOrNull(info.ParticipantId),
            Codec = statistics is { Codec.Length: > 0 } ? statistics.Codec : null,
            Started = started.ToUnixTimeMilliseconds(),
            Answered = _answered?.ToUnixTimeMilliseconds(),
            Muted = call.IsMuted,
            Held = call.IsOnHold,
        };
    }

    private bool TellPulse(CallStatistics statistics, DateTimeOffset now)
    {
        _loss.Count(now, statistics.PacketsReceived, statistics.PacketsLost);
        Mos = statistics.Mos is { } mos && double.IsFinite(mos) ? mos : null;
        var jitter = double.IsFinite(statistics.JitterMilliseconds) ? statistics.JitterMilliseconds : 0;
        var level = Math.Clamp(statistics.Level, -127, 0);
        var pulse = (level, (int)Math.Round(100 * (Mos ?? 0)), (int)Math.Min(jitter * 10, 100_000), _loss.PerThousand);
        if (pulse == _told)
            return false;
        _told = pulse;
        return true;
    }
}
