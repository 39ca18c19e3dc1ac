using Atm0s.Sip.LoadGenerator.Output;
using Atm0s.Sip.LoadGenerator.Servers;
using Atm0s.Sip.LoadGenerator.Statistics;
using Atm0s.Sip.LoadGenerator.Traffic;

namespace Atm0s.Sip.LoadGenerator.Runs;

/// <summary>A flood alone: what is answered, and what it costs.</summary>
internal static class FloodRun
{
    public static async Task<int> RunAsync(Settings settings)
    {
        foreach (var server in ServerList.Start(settings))
        {
            await using (server)
                Run(server, settings);
        }

        return 0;
    }

    /// <summary>The kind that the command line names.</summary>
    public static FloodKind Kind(Settings settings) =>
        Enum.TryParse<FloodKind>(settings.Text("kind", "options"), ignoreCase: true, out var kind) ? kind
            : throw new FormatException("--kind is options, register, invite or scanner.");

    private static void Run(ServerUnderTest server, Settings settings)
    {
        using var loop = new TrafficLoop(server.Target);
        var flood = new Flood(
            server.Target, Kind(settings), new Pacer(settings.Rate ?? 20_000, Clock.Now), (Attack.FirstSource, settings.Sources),
            server.ClosedNumber);
        loop.Floods.Add(flood);
        var probe = new ProcessProbe(server.ProcessId);
        var before = probe.Read();
        loop.Run(Clock.Now + (long)(settings.Seconds * Clock.Second), everySecond: new Progress(server.Name, null, server, flood).Print);
        flood.IsStopped = true;
        loop.Run(Clock.Now + Clock.Second);
        var after = probe.Read();
        Console.WriteLine(
            $"{server.Name}: {flood.Sent} sent, {flood.Pacer.Late} late (worst {Culture.Milliseconds(flood.Pacer.MaxLateness)} ms),"
            + $" answers {flood.AnswersText}, {Culture.Text((double)flood.AnsweredBytes / flood.SentBytes, "0.00")} bytes back for each;"
            + $" server {Culture.Text((after.Cpu - before.Cpu) * 1e6 / flood.Sent)} us each,"
            + $" memory {before.Memory >> 20} > {after.Memory >> 20} MB, drops {SocketDrops.Of(server.Target.Port)} + {loop.Drops}");
    }
}
