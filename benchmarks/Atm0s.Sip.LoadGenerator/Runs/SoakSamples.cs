using System.Text;
using Atm0s.Sip.LoadGenerator.Servers;
using Atm0s.Sip.LoadGenerator.Statistics;

namespace Atm0s.Sip.LoadGenerator.Runs;

/// <summary>What was seen of a server over time.</summary>
internal sealed class SoakSamples(string server)
{
    private readonly List<(long Second, ProcessSample Sample, long Calls, long Failed, long P99)> _samples = [];

    public string Table
    {
        get
        {
            var text = new StringBuilder($"| {server}, s | calls | failed | set-up p99 ms | CPU % since | memory MB | files | threads |\n")
                .Append("|---:|---:|---:|---:|---:|---:|---:|---:|\n");
            foreach (var (before, now) in _samples.Zip(_samples.Skip(1)))
                text.Append("| ").AppendJoin(" | ", Cells(before.Second, before.Sample.Cpu, now)).Append(" |\n");
            return text.ToString();
        }
    }

    public string Csv => string.Join('\n', ["second,calls,failed,setup_p99_ms,cpu_s,memory_b,files,threads", .. _samples.Select(one =>
        string.Join(',', one.Second, one.Calls, one.Failed, Culture.Text(one.P99 / 1e6, "0.00"), Culture.Text(one.Sample.Cpu, "0.00"),
            one.Sample.Memory, one.Sample.Files, one.Sample.Threads))]);

    public void Add(long second, ProcessSample sample, Tally tally) =>
        _samples.Add((second, sample, tally.Succeeded, tally.Failed, tally.Latency.Percentile(0.99)));

    private static string[] Cells(
        long secondBefore, double cpuBefore, (long Second, ProcessSample Sample, long Calls, long Failed, long P99) now) =>
    [
        $"{now.Second}", $"{now.Calls}", $"{now.Failed}", Culture.Milliseconds(now.P99),
        Culture.Text((now.Sample.Cpu - cpuBefore) * 100 / Math.Max(now.Second - secondBefore, 1), "0"),
        Culture.Text(now.Sample.Memory / 1e6),
        $"{now.Sample.Files}", $"{now.Sample.Threads}",
    ];
}
