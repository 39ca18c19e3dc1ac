using Atm0s.Sip.LoadGenerator.Output;
using Atm0s.Sip.LoadGenerator.Servers;
using Atm0s.Sip.LoadGenerator.Statistics;
using Atm0s.Sip.LoadGenerator.Traffic;

namespace Atm0s.Sip.LoadGenerator.Runs;

/// <summary>Calls at a rate for long: whatever grows is seen.</summary>
internal static class SoakRun
{
    // What lingers after the last call, and a little.
    private const double LingerSeconds = 40;

    public static async Task<int> RunAsync(Settings settings)
    {
        var isGood = true;
        foreach (var server in ServerList.Start(settings))
        {
            await using (server)
                isGood &= Run(server, settings);
        }

        return isGood ? 0 : 1;
    }

    private static bool Run(ServerUnderTest server, Settings settings)
    {
        using var loop = new TrafficLoop(server.Target, settings.HasAudio);
        var rate = settings.Rate ?? 300;
        var workload = new Workload(new CallScript(server.Target, new CallPlan(
            settings.Closed ? server.ClosedNumber : server.OpenNumber, settings.Has("rooms") ? settings.Rooms : 50,
            (long)(settings.Number("hold", 2) * Clock.Second), settings.Codec, settings.HasAudio)))
        {
            Pacer = new Pacer(rate, Clock.Now), Users = (0, settings.Users), Sources = (0, settings.Sources),
        };
        var probe = new ProcessProbe(server.ProcessId);
        var samples = new SoakSamples(server.Name);
        samples.Add(0, probe.Read(), workload.Tally);
        loop.Workloads.Add(workload);
        workload.Pacer!.Restart(Clock.Now);
        var progress = new Progress($"{server.Name} soak", workload, server, null);
        var seconds = (int)(settings.Number("minutes", 3) * 60);
        var start = Clock.Now;
        loop.Run(start + (seconds * Clock.Second), everySecond: now =>
        {
            progress.Print(now);
            if ((now - start) / Clock.Second % 15 == 0)
                samples.Add((now - start) / Clock.Second, probe.Read(), workload.Tally);
        });
        loop.Drain();
        loop.Run(Clock.Now + (long)(LingerSeconds * Clock.Second));
        samples.Add((Clock.Now - start) / Clock.Second, probe.Read(), workload.Tally);
        Console.WriteLine(samples.Table);
        Console.WriteLine(
            $"{server.Name}: {workload.Tally.Succeeded} calls, {workload.Tally.Failed} failed {workload.Tally.FailuresText},"
            + $" {workload.Tally.Retransmissions} repeated, late {workload.Pacer.Late}"
            + $" (worst {Culture.Milliseconds(workload.Pacer.MaxLateness)} ms), drops {SocketDrops.Of(server.Target.Port)} + {loop.Drops}");
        if (settings.Csv is { } file)
            File.WriteAllText(file, samples.Csv);
        return workload.Tally.Failed == 0;
    }
}
