using Atm0s.Sip.LoadGenerator.Runs;

namespace Atm0s.Sip.LoadGenerator.Output;

/// <summary>The figures for a spreadsheet: a line for each turn.</summary>
internal static class CsvFile
{
    private const string Head = "test,server,tier,rate,turn,seconds,succeeded,failed,failures,per_s,cpu_us,server_cpu_s,generator_cpu_s,"
        + "p50_ms,p95_ms,p99_ms,max_ms,repeated,late,max_late_ms,shed,server_drops,own_drops,allocated_b,compiled,rss_b,files,threads,"
        + "audio_part,audio_lost,audio_gap_ms,phase_ms";

    public static void Write(string file, IEnumerable<Measurement> all) => File.WriteAllLines(file, [Head, .. all.Select(Line)]);

    private static string Line(Measurement one)
    {
        var tally = one.Tally;
        string Ms(double part) => Culture.Text(tally.Latency.Percentile(part) / 1e6, "0.000");
        return string.Join(',',
            one.Test, one.Server, one.Tier, one.Rate?.ToString(Culture.Invariant), one.Turn, Culture.Text(one.Seconds, "0.000"),
            tally.Succeeded, tally.Failed, $"\"{tally.FailuresText}\"", Culture.Text(one.PerSecond), Culture.Text(one.CpuEach, "0.00"),
            Culture.Text(one.ServerCpu, "0.00"), Culture.Text(one.GeneratorCpu, "0.00"), Ms(0.5), Ms(0.95), Ms(0.99), Ms(1),
            tally.Retransmissions, one.Late, Culture.Text(one.MaxLateness / 1e6, "0.00"), one.Shed, one.ServerDrops, one.OwnDrops,
            Culture.Text(one.Allocated, "0"), Culture.Text(one.Compiled, "0"), one.After.Memory, one.After.Files, one.After.Threads,
            Culture.Text(tally.Audio.Part, "0.0000"), tally.Audio.Lost, Culture.Text(tally.Audio.MaxGap / 1e6, "0.0"),
            Culture.Text(one.Phase, "0.000"));
    }
}
