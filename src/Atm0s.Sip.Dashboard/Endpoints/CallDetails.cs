using Atm0s.Sip.Dashboard.Live;
using Atm0s.Sip.Dashboard.Messages;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Dashboard.Endpoints;

/// <summary>Turns what is known of a call into what the page shows.</summary>
internal static class CallDetails
{
    private const int MaxMessages = 400;
    private const int MaxPoints = 600;

    /// <summary>All of a call.</summary>
    /// <param name="report">What is known of it.</param>
    /// <param name="related">It and the calls that belong to it.</param>
    /// <param name="statistics">Its audio now, or null.</param>
    public static CallDetail Of(CallReport report, IReadOnlyList<CallReport> related, CallStatistics? statistics)
    {
        var info = report.Info;
        var messages = MessagesOf(report, related);
        return new CallDetail
        {
            Id = info.CallId,
            SipCallId = RowText.Short(info.SipCallId),
            Direction = info.Direction == CallDirection.Incoming ? "in" : "out",
            From = RowText.Short(info.From),
            To = RowText.Short(info.To),
            State = RowText.Of(report.State),
            Room = info.RoomId,
            Trunk = info.Trunk,
            User = RowText.ShortOrNull(info.Username),
            Peer = report.Peer,
            KnownBy = info.Direction == CallDirection.Incoming ? RowText.Words(report.CallerAuthentication) : null,
            Started = report.StartedAt.ToUnixTimeMilliseconds(),
            Answered = report.AnsweredAt?.ToUnixTimeMilliseconds(),
            End = report.End is { } end ? EndedCalls.RowOf(report, end) : null,
            Notes = [.. report.Notes.Select(static note => new Note(note.Timestamp.ToUnixTimeMilliseconds(), note.Subject, note.Text))],
            Messages = EndsOf(messages),
            LeftOut = report.MessagesLeftOut + Math.Max(0, messages.Count - MaxMessages),
            Quality = [.. report.Samples.TakeLast(MaxPoints).Select(PointOf)],
            Audio = statistics is { Codec.Length: > 0 } ? AudioOf(statistics) : null,
        };
    }

    private static List<WireMessage> MessagesOf(CallReport report, IReadOnlyList<CallReport> related)
    {
        var calls = related.Count == 0 ? [report] : related;
        return [.. calls
            .SelectMany(static call => call.Messages.Select(message => (IsIncoming: call.Info.Direction == CallDirection.Incoming, Message: message)))
            .OrderBy(static pair => pair.Message.Timestamp)
            .Select(static pair => new WireMessage(
                pair.Message.Timestamp.ToUnixTimeMilliseconds(), pair.Message.IsSent, pair.Message.Peer, pair.IsIncoming, pair.Message.Message))];
    }

    // How calls began and how they ended says most.
    private static List<WireMessage> EndsOf(List<WireMessage> messages) =>
        messages.Count <= MaxMessages ? messages : [.. messages.Take(MaxMessages / 2), .. messages.TakeLast(MaxMessages / 2)];

    private static QualityPoint PointOf(QualitySample sample) => new(
        sample.Timestamp.ToUnixTimeMilliseconds(), Rounded(sample.Mos, 2), Rounded(sample.JitterMilliseconds, 1) ?? 0,
        Rounded(100 * sample.LossShare, 1) ?? 0, sample.LevelReceived, sample.LevelSent, Rounded(sample.RoundTrip?.TotalMilliseconds, 1));

    private static AudioDetail AudioOf(CallStatistics statistics) => new(
        statistics.Codec, statistics.PacketsSent, statistics.PacketsReceived, statistics.PacketsLost, statistics.PacketsDiscarded,
        Rounded(100 * statistics.ConcealedShare, 1) ?? 0, Math.Round(statistics.JitterBufferDelay.TotalMilliseconds),
        Rounded(statistics.RoundTrip?.TotalMilliseconds, 1), statistics.Local.ToString(), statistics.Remote?.ToString());

    // NaN is no JSON.
    private static double? Rounded(double? value, int digits) =>
        value is { } number && double.IsFinite(number) ? Math.Round(number, digits) : null;
}
