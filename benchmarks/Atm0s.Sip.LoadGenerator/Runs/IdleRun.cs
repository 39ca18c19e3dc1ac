using Atm0s.Sip.LoadGenerator.Output;
using Atm0s.Sip.LoadGenerator.Servers;
using Atm0s.Sip.LoadGenerator.Traffic;

namespace Atm0s.Sip.LoadGenerator.Runs;

/// <summary>What it takes to hold bindings or calls: memory before, with them, and when what lingers 32 s has gone.</summary>
internal static class IdleRun
{
    private const double LingerSeconds = 40;

    public static async Task<int> RunAsync(Settings settings)
    {
        var failures = 0L;
        foreach (var server in ServerList.Start(settings))
        {
            await using (server)
            {
                if (settings.Has("legs"))
                    failures += Hold(server, settings, settings.Whole("legs", 1000), "legs", new CallScript(server.Target, new CallPlan(
                        server.OpenNumber, settings.Rooms, long.MaxValue, settings.Codec, settings.HasAudio)));
                else
                    failures += Hold(server, settings, settings.Whole("bindings", 100_000), "bindings", new RegisterScript(server.Target));
            }
        }

        return failures == 0 ? 0 : 1;
    }

    private static long Hold(ServerUnderTest server, Settings settings, int count, string what, Script script)
    {
        var isCall = script is CallScript;
        using var loop = new TrafficLoop(server.Target, isCall && settings.HasAudio);

        // Another number of the same, that are gone again: code is compiled, pools are filled.
        Script warmScript = isCall
            ? new CallScript(server.Target, new CallPlan(server.OpenNumber, Codec: settings.Codec))
            : new OptionsScript(server.Target);
        var warm = new Workload(warmScript)
        {
            Limit = 2_000, MaxOutstanding = 20, Users = (0, 100), Sources = (0, settings.Sources),
        };
        loop.Workloads.Add(warm);
        loop.Run(Clock.Now + (60 * Clock.Second), () => warm.IsDone);
        loop.Run(Clock.Now + (long)(LingerSeconds * Clock.Second));
        var probe = new ProcessProbe(server.ProcessId);
        var (before, report) = (probe.Read(), server.Ask(collect: true));

        // So many that a shard does not refuse: 32 s of lingering stays below its limit.
        var workload = new Workload(script)
        {
            Limit = count, MaxOutstanding = isCall ? count + 1 : 50, Users = (0, count), Sources = (0, settings.Sources),
        };
        if (isCall)
            workload.Pacer = new Statistics.Pacer(settings.Rate ?? 200, Clock.Now);
        loop.Workloads.Add(workload);
        var progress = new Progress($"{server.Name} {what}", workload, server, null);
        loop.Run(
            Clock.Now + (600 * Clock.Second),
            () => isCall ? workload.Tally.Latency.Count + workload.Tally.Failed >= count : workload.IsDone,
            progress.Print);
        var full = probe.Read();
        loop.Run(Clock.Now + (long)(LingerSeconds * Clock.Second), everySecond: progress.Print);
        var (settled, settledReport) = (probe.Read(), server.Ask(collect: true));
        var collected = probe.Read();
        var held = isCall ? workload.Outstanding : workload.Tally.Succeeded;
        Console.WriteLine(
            $"{server.Name}: {held} {what}, {workload.Tally.Failed} failed {workload.Tally.FailuresText};"
            + $" resident {Mb(before.Memory)} > {Mb(full.Memory)} at once > {Mb(settled.Memory)} MB"
            + $" after {Culture.Text(LingerSeconds)} s = {Each(settled.Memory - before.Memory)} B each"
            + (report is null ? ""
                : $"; live heap {Mb(report.Heap)} > {Mb(settledReport!.Heap)} MB = {Each(settledReport.Heap - report.Heap)} B each,"
                + $" resident after a collection {Mb(collected.Memory)} MB = {Each(collected.Memory - before.Memory)} B each")
            + $"; files {before.Files} > {settled.Files}, threads {before.Threads} > {settled.Threads}");
        loop.Drain();
        return workload.Tally.Failed;

        string Each(long bytes) => Culture.Text((double)bytes / Math.Max(held, 1), "0");
    }

    private static string Mb(long bytes) => Culture.Text(bytes / 1e6);
}
