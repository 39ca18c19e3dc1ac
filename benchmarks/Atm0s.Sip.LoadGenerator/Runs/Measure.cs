using System.Diagnostics;
using Atm0s.Sip.LoadGenerator.Native;
using Atm0s.Sip.LoadGenerator.Output;
using Atm0s.Sip.LoadGenerator.Servers;
using Atm0s.Sip.LoadGenerator.Statistics;
using Atm0s.Sip.LoadGenerator.Traffic;

namespace Atm0s.Sip.LoadGenerator.Runs;

/// <summary>Runs one test against one server.</summary>
internal static class Measure
{
    private const long WarmLimit = 90 * Clock.Second;

    /// <summary>Requests until the server has compiled what it needs; nothing of them counts.</summary>
    public static void Warm(ServerUnderTest server, TestPlan plan, Settings settings)
    {
        var calls = plan.Needs.HasFlag(Abilities.Call);
        using var loop = new TrafficLoop(server.Target, plan.HasAudio);
        var workload = Create(server, plan with { Rate = null }, settings);
        // Calls: until each pair of ports of the server has been used once.
        workload.Limit = calls ? Math.Min(Math.Max(settings.Warm, 3_000) * 4, 12_000) : settings.Warm;
        loop.Workloads.Add(workload);
        var progress = new Progress($"{server.Name} {plan.Name} warms up", workload, server, null);
        loop.Run(Clock.Now + WarmLimit, () => workload.IsDone, progress.Print);
        loop.Drain();
    }

    /// <summary>One turn.</summary>
    public static Measurement Run(ServerUnderTest server, TestPlan plan, Settings settings, int turn)
    {
        using var loop = new TrafficLoop(server.Target, plan.HasAudio);
        var workload = Create(server, plan, settings);
        loop.Workloads.Add(workload);
        var progress = new Progress($"{server.Name} {plan.Name} turn {turn}", workload, server, null);
        var phase = Processor.MeasurePhase();
        workload.Pacer?.Restart(Clock.Now);

        // Calls that are held are up in their full number before the measured time; what lingers is too.
        var lead = Math.Max(settings.Lead, settings.Hold > 0 ? settings.Hold + 1 : 0.2);
        loop.Run(Clock.Now + (long)(lead * Clock.Second), everySecond: progress.Print);

        var tally = workload.Tally = new Tally();
        var probe = new ProcessProbe(server.ProcessId);
        var (drops, ownDrops) = (SocketDrops.Of(server.Target.Port), loop.Drops);
        var report = server.Ask(collect: false);
        _ = server.AskTypes();
        loop.Audio.Forget();
        var (late, shed) = (workload.Pacer?.Late ?? 0, workload.Shed);
        using var self = Process.GetCurrentProcess();
        var (before, own, start) = (probe.Read(), self.TotalProcessorTime, Clock.Now);
        loop.Run(start + (long)(settings.Seconds * Clock.Second), everySecond: progress.Print);
        var (after, end) = (probe.Read(), Clock.Now);
        self.Refresh();
        var ownCpu = (self.TotalProcessorTime - own).TotalSeconds;
        var reportAfter = server.Ask(collect: false);
        if (server.AskTypes() is { Length: > 0 } types)
            Console.WriteLine($"{server.Name} {plan.Name} allocates: {types}");
        var done = tally.Succeeded;
        var result = new Measurement(server.Name, plan.Name, turn, settings.Tier, plan.Rate)
        {
            Seconds = (end - start) / 1e9,
            Tally = tally,
            ServerCpu = after.Cpu - before.Cpu,
            GeneratorCpu = ownCpu,
            After = after,
            ServerDrops = SocketDrops.Of(server.Target.Port) - drops,
            OwnDrops = loop.Drops - ownDrops,
            Phase = phase,
            Late = (workload.Pacer?.Late ?? 0) - late,
            MaxLateness = workload.Pacer?.MaxLateness ?? 0,
            Shed = workload.Shed - shed,
            Allocated = report is null || done == 0 ? double.NaN : (double)(reportAfter!.Allocated - report.Allocated) / done,
            Compiled = report is null ? double.NaN : reportAfter!.Compiled - report.Compiled,
        };

        // What is still going on ends, and counts for nobody.
        workload.Tally = new Tally();
        loop.Drain();
        return result;
    }

    private static Workload Create(ServerUnderTest server, TestPlan plan, Settings settings) => new(plan.CreateScript(server, settings))
    {
        Pacer = plan.Rate is { } rate ? new Pacer(rate, Clock.Now) : null,
        MaxOutstanding = plan.Rate is null ? settings.Outstanding : 50_000,
        Users = (0, settings.Users),
        Sources = (0, settings.Sources),
    };
}
