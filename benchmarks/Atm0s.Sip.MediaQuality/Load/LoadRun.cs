using System.Diagnostics;
using System.Runtime.InteropServices;
using Atm0s.Sip.Calls.Dialing;
using Atm0s.Sip.MediaQuality.Signals;
using Atm0s.Sip.MediaQuality.Streams;
using Atm0s.Sip.MediaQuality.Tables;
using Atm0s.Sip.MediaQuality.Wire;
using static Atm0s.Sip.MediaQuality.Tables.MarkdownTable;

namespace Atm0s.Sip.MediaQuality.Load;

/// <summary>Rooms full of callers on each bridge in turn: the bridge on the first processor, the callers on the last.</summary>
internal static partial class LoadRun
{
    private const int Slots = 20; // callers are spread over the 20 ms

    /// <summary>Runs it.</summary>
    /// <returns>A table and a sentence.</returns>
    public static async Task<string> RunAsync(LoadOptions options)
    {
        int? core = Environment.ProcessorCount > 1 && File.Exists("/usr/bin/taskset") ? 0 : null;
        var talker = new Talker(Codecs.Get(options.Codec), Speech.Say(TimeSpan.FromSeconds(10), -23, seed: 5), 1);
        await using var ours = await RoomServerBridge.StartAsync(core, suite: null, options.Speakers);
        var isSecure = options.Suite.Length > 0;
        await using var secure = isSecure ? await RoomServerBridge.StartAsync(core, options.Suite, options.Speakers) : null;
        await using var janus = !isSecure && JanusBridge.IsInstalled ? await JanusBridge.StartAsync(core) : null;
        IBridge? other = secure is not null ? secure : janus is not null && janus.Speaks(talker.Codec) ? janus : null;
        IBridge[] bridges = other is null ? [ours] : [ours, other];

        // In its first round RoomServer is compiled while it runs.
        var results = new List<LoadResult>();
        if (options.CountsFresh)
        {
            var fresh = await RoundAsync(ours, talker, options with { WarmUp = TimeSpan.Zero }, round: 0);
            results.Add(fresh with { Bridge = $"{fresh.Bridge}, just started" });
        }
        else
        {
            foreach (var bridge in bridges.Where(bridge => bridge != janus))
                await RoundAsync(bridge, talker, options with { Duration = TimeSpan.FromSeconds(1) }, round: 0);
        }

        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var bridge in bridges)
                results.Add(await RoundAsync(bridge, talker, options, 1 + round));
        }

        var table = new MarkdownTable(
        [
            $"{Title(options)}, {options.Duration.TotalSeconds} s", "CPU, ms per leg-second", "packets/s to each",
            "fewest", "lost", "longest gap, ms", "generator late, ms", "memory, MB",
        ]);
        foreach (var result in results)
        {
            table.Add(
            [
                result.Bridge, Number(result.CpuPerLegSecond, "0.000"), Number(result.PacketsPerSecond), Number(result.FewestPerSecond),
                $"{result.Lost}", Number(result.LongestGap.TotalMilliseconds, "0"), Number(result.Late.TotalMilliseconds),
                Number(result.Memory / 1e6, "0"),
            ]);
        }

        double Cpu(string name) => results.Where(result => result.Bridge == name).Average(result => result.CpuPerLegSecond);
        return secure is not null
            ? $"{table}\nWith SRTP it takes {Number(Cpu(secure.Name) / Cpu(ours.Name), "0.00")} of the processor time without.\n"
            : bridges.Length == 1
            ? table.ToString()
            : $"{table}\nRoomServer takes {Number(Cpu(ours.Name) / Cpu(janus!.Name), "0.00")} of the processor time of Janus.\n";
    }

    private static string Title(LoadOptions options) =>
        (options.Rooms > 1 ? $"{options.Rooms} rooms of " : "")
        + $"{options.Callers} x {options.Codec}"
        + (options.Talkers > 0 ? $", {options.Talkers} talk" : "")
        + (options.Speakers is { } heard ? $", {(heard == 0 ? "all" : $"the {heard} loudest")} heard" : "");

    private static async Task<LoadResult> RoundAsync(IBridge bridge, Talker talker, LoadOptions options, int round)
    {
        var legs = new List<WireLeg>();
        try
        {
            for (var i = 0; i < options.Rooms * options.Callers; i++)
            {
                var leg = new WireLeg();
                legs.Add(leg);
                var room = 1 + (round * options.Rooms) + (i / options.Callers);
                leg.Connect(await bridge.JoinAsync(room, talker.Codec.Name == "opus" ? 48_000 : 8_000, talker.Codec, leg.LocalEndPoint));
            }

            Caller[] callers = [.. legs.Select((leg, i) => new Caller(leg, talker, i, bridge.KeysOf(i)))];
            LoadResult? result = null;
            var thread = new Thread(() => result = Drive(bridge, callers, options)) { Name = "callers" };
            thread.Start();
            thread.Join();
            foreach (var caller in callers)
                caller.Dispose();
            await bridge.ClearAsync();
            return result!;
        }
        finally
        {
            foreach (var leg in legs)
                leg.Dispose();
        }
    }

    private static LoadResult Drive(IBridge bridge, Caller[] callers, LoadOptions options)
    {
        PinToLastProcessor();
        using var process = Process.GetProcessById(bridge.ProcessId);
        var clock = Stopwatch.StartNew();
        var (cpu, start, late) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        for (var slot = 0L; ; slot++)
        {
            var due = TimeSpan.FromMilliseconds(slot);
            if (due - clock.Elapsed is var wait && wait > TimeSpan.Zero)
                Thread.Sleep((int)Math.Ceiling(wait.TotalMilliseconds));
            if (start == TimeSpan.Zero && clock.Elapsed >= options.WarmUp)
            {
                (start, cpu, late) = (clock.Elapsed, process.TotalProcessorTime, TimeSpan.Zero);
                foreach (var caller in callers)
                    caller.Reset();
            }

            if (clock.Elapsed - due is var behind && behind > late)
                late = behind;
            if (start > TimeSpan.Zero && clock.Elapsed >= start + options.Duration)
                break;
            for (var i = (int)(slot % Slots); i < callers.Length; i += Slots)
            {
                if (options.Talkers == 0 || i % options.Callers < options.Talkers)
                    callers[i].Say();
            }

            // Each is heard four times in 20 ms, so that a gap is told to 5 ms.
            for (var i = (int)(slot % 5); i < callers.Length; i += 5)
                callers[i].Hear();
        }

        var seconds = (clock.Elapsed - start).TotalSeconds;
        process.Refresh();
        return new LoadResult(
            bridge.Name,
            (process.TotalProcessorTime - cpu).TotalMilliseconds / seconds / callers.Length,
            callers.Average(caller => caller.Received / seconds),
            callers.Min(caller => caller.Received / seconds),
            callers.Sum(caller => caller.Lost),
            callers.Max(caller => caller.LongestGap),
            late,
            process.WorkingSet64);
    }

    private static void PinToLastProcessor()
    {
        if (!OperatingSystem.IsLinux() || Environment.ProcessorCount < 2)
            return;
        var mask = 1UL << (Environment.ProcessorCount - 1);
        _ = SetAffinity(0, sizeof(ulong), ref mask);
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nuint length, ref ulong mask);
}
