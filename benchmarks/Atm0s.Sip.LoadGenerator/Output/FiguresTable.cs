using System.Text;
using Atm0s.Sip.LoadGenerator.Runs;

namespace Atm0s.Sip.LoadGenerator.Output;

/// <summary>The figures of all turns, a line for each server and test: the median, and the least of the processor time.</summary>
internal static class FiguresTable
{
    public static string Line(Measurement one) =>
        $"{one.Test} {one.Server} turn {one.Turn}: {Culture.Text(one.CpuEach)} us each, {Culture.Text(one.PerSecond, "0")}/s,"
        + $" p50 {one.Tally.Latency.Text(0.5)} p99 {one.Tally.Latency.Text(0.99)} ms,"
        + $" {one.Tally.Failed} failed {one.Tally.FailuresText}, {one.Tally.Retransmissions} repeated,"
        + $" drops {one.ServerDrops}+{one.OwnDrops}, {Culture.Text(one.Allocated, "0")} B each,"
        + $" generator {Culture.Text(one.GeneratorCpu / one.Seconds * 100, "0")} %, phase {Culture.Text(one.Phase, "0.00")}";

    public static string Create(IReadOnlyList<Measurement> all)
    {
        var fastest = all.Count == 0 ? 1 : all.Min(one => one.Phase);
        var text = new StringBuilder();
        text.AppendLine("| test | server | tier | loop | CPU us each, median (least) | /s | p50 / p95 / p99 / max ms | failed | repeated "
            + "| drops server + own | late (max ms) | heard | allocated B each | RSS MB | files | threads | phase |");
        text.AppendLine("|---|---|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var group in all.GroupBy(one => (one.Test, one.Server)))
        {
            Measurement[] turns = [.. group.OrderBy(one => one.CpuEach)];
            var middle = turns[turns.Length / 2];
            var latency = middle.Tally.Latency;
            string[] cells =
            [
                middle.Test,
                middle.Server,
                middle.Tier,
                middle.Rate is { } rate ? $"open, {Culture.Text(rate)}/s" : "closed",
                $"{Culture.Text(middle.CpuEach)} ({Culture.Text(turns[0].CpuEach)})",
                Culture.Text(middle.PerSecond, "0"),
                string.Join(" / ", new[] { 0.5, 0.95, 0.99, 1 }.Select(latency.Text)),
                $"{turns.Sum(one => one.Tally.Failed)}",
                $"{turns.Sum(one => one.Tally.Retransmissions)}",
                $"{turns.Sum(one => one.ServerDrops)} + {turns.Sum(one => one.OwnDrops)}",
                $"{turns.Sum(one => one.Late)} ({Culture.Milliseconds(turns.Max(one => one.MaxLateness))})",
                $"{Culture.Text(middle.Tally.Audio.Part * 100)}{(middle.Tally.Audio.Calls > 0 ? " %" : "")}",
                Culture.Text(middle.Allocated, "0"),
                Culture.Text(turns.Max(one => one.After.Memory) / 1e6, "0"),
                $"{turns.Max(one => one.After.Files)}",
                $"{turns.Max(one => one.After.Threads)}",
                string.Join('-', new[] { turns.Min(one => one.Phase), turns.Max(one => one.Phase) }.Select(phase =>
                    $"x{Culture.Text(phase / fastest, "0.00")}").Distinct()),
            ];
            text.Append("| ").AppendJoin(" | ", cells).AppendLine(" |");
        }

        return text.ToString();
    }
}
