using System.Globalization;
using Atm0s.Sip.Diagnostics;

namespace Atm0s.Sip.Calls.Records.Ladder;

/// <summary>Draws a ladder.</summary>
internal sealed class LadderDrawing
{
    private const int MaxRemark = 120;
    private const int MaxLine = 200;

    private readonly IReadOnlyList<CallReport> _calls;
    private readonly List<IReadOnlyList<WireTraceEntry>> _messages;
    private readonly LadderColumns _columns;

    public LadderDrawing(IReadOnlyList<CallReport> calls)
    {
        _calls = calls;
        _messages = [.. calls.Select(call => call.Messages)];
        _columns = new LadderColumns(calls, _messages);
    }

    public void Write(TextWriter writer)
    {
        foreach (var (index, call) in _calls.Index())
            WriteSummary(writer, call, _messages[index].Count);
        if (_messages.All(messages => messages.Count == 0))
            return;
        writer.Write("\n");
        _columns.WriteHead(writer);
        var seen = new HashSet<(int, string, bool, string)>();
        foreach (var (_, call, message, end) in Steps())
        {
            if (message is not null)
                WriteArrow(writer, call, message, isRepeated: !seen.Add((call, message.Peer, message.IsSent, message.Message)));
            else
                WriteEnd(writer, end!);
        }
    }

    private static void WriteSummary(TextWriter writer, CallReport call, int messages)
    {
        var info = call.Info;
        Line($"Call {info.CallId}: {info.Direction.ToString().ToLowerInvariant()}, from {info.From} to {info.To}"
            + (info.RoomId is null ? "" : $", room {info.RoomId}") + (info.Trunk is null ? "" : $", trunk {info.Trunk}")
            + (info.Username is null ? "" : $", user {info.Username}"));
        Line($"  began {call.StartedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)} UTC"
            + (call.AnsweredAt is { } answered ? $", answered after {Seconds(answered - call.StartedAt)}" : ", not answered")
            + (call.EndedAt is { } ended ? $", ended after {Seconds(ended - call.StartedAt)}" : ", goes on"));
        if (call.End is { } end)
            Line($"  {(call.WasTurnedAway ? "refused before it was a call" : end.Cause)} ({end.StatusCode}): {end.Reason}");
        Line($"  Call-ID {info.SipCallId}");
        if (messages == 0)
            Line("  no messages are kept of it");
        else if (call.MessagesLeftOut is > 0 and var missing)
            Line($"  {missing} of its messages had no room and are missing below");

        void Line(string text) => writer.Write(TextWidth.Clip(LogText.Plain(text), MaxLine) + "\n");
    }

    private IEnumerable<(DateTimeOffset At, int Call, WireTraceEntry? Message, CallReport? End)> Steps()
    {
        var steps = new List<(DateTimeOffset At, int Call, WireTraceEntry? Message, CallReport? End)>();
        for (var i = 0; i < _calls.Count; i++)
        {
            steps.AddRange(_messages[i].Select(message => (message.Timestamp, i, (WireTraceEntry?)message, (CallReport?)null)));
            if (_calls[i].EndedAt is { } ended)
                steps.Add((ended, i, null, _calls[i]));
        }

        // Stable: of one moment, as they were written down.
        return steps.OrderBy(step => step.At);
    }

    private void WriteArrow(TextWriter writer, int call, WireTraceEntry message, bool isRepeated)
    {
        var line = new LadderLine(_columns.Width);
        _columns.Draw(line);
        line.Put(0, TimeOf(message.Timestamp));
        var peer = LadderColumns.Of(_columns.Find(call, message.Peer));
        var us = LadderColumns.Of(_columns.Us);
        var (from, to) = message.IsSent ? (us, peer) : (peer, us);
        var (left, right) = (Math.Min(from, to), Math.Max(from, to));
        for (var i = left + 1; i < right; i++)
            line.Put(i, '-');
        line.Put(to > from ? right - 1 : left + 1, to > from ? '>' : '<');
        var (label, kind, remark) = LadderMessage.Of(message);
        var text = TextWidth.Clip(label, right - left - 7 - TextWidth.Of(kind)) + kind;
        line.PutCentred((left + right) / 2, $" {text} ");
        if (isRepeated)
            remark = remark.Length == 0 ? "again" : "again, " + remark;
        writer.Write(line.ToText(TextWidth.Clip(remark, MaxRemark)) + "\n");
    }

    private void WriteEnd(TextWriter writer, CallReport call)
    {
        var line = new LadderLine(_columns.Width);
        _columns.Draw(line);
        line.Put(0, TimeOf(call.End!.Timestamp));
        var text = $"call {call.Id} ends: {call.End.Cause} ({call.End.StatusCode})";
        writer.Write(line.ToText(TextWidth.Clip(LogText.Plain(text), MaxRemark)) + "\n");
    }

    private static string TimeOf(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.000} s");
}
