using Atm0s.Sip.LoadGenerator.Servers;

namespace Atm0s.Sip.LoadGenerator.Host;

/// <summary>A host like RoomServer that prints nothing, and tells what it allocates when it is asked on standard input.</summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var port = int.Parse(Value("--port") ?? "5060", Culture.Invariant);
        var withoutMedia = args.Contains("--no-media");
        var options = new SipServerOptions { Realm = "127.0.0.1" };
        options.Listen($"udp://127.0.0.1:{port.ToString(Culture.Invariant)}");
        options.Authentication.OpenNumberPrefixes.Add("open");
        // The generator is a few sources and users: what is measured is the work, and not the limit.
        options.Defence.MaxRequestsPerSecondPerSource = 0;
        options.Defence.MaxRequestsPerSecondPerUser = 0;
        options.Media.FirstPort = int.Parse(Value("--first-port") ?? "13000", Culture.Invariant);
        options.Media.LastPort = int.Parse(Value("--last-port") ?? "17799", Culture.Invariant);
        options.Media.Timeout = TimeSpan.Zero;
        options.Calls.AloneTimeout = TimeSpan.Zero;
        if (Value("--max-calls") is { } calls)
            options.Calls.MaxCalls = int.Parse(calls, Culture.Invariant);
        var handlers = new SipServerHandlers { Auth = new EverybodyHasPassword(), Invite = new EveryNumberIsRoom() };
        await using var server = new SipServer(
            options, handlers, new SipServerEnvironment { MediaNetwork = withoutMedia ? new DeafNetwork() : null });
        await server.StartAsync();
        using var watch = args.Contains("--types") ? new AllocationWatch() : null;
        while (await Console.In.ReadLineAsync() is { } line)
            Console.WriteLine(line == "types" ? watch?.Take() ?? "" : Report(server, collect: line == "collect").Line);
        return 0;

        string? Value(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;
    }

    private static HostReport Report(SipServer server, bool collect)
    {
        if (collect)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return new HostReport(
            GC.GetTotalAllocatedBytes(precise: true), GC.GetTotalMemory(false), System.Runtime.JitInfo.GetCompiledMethodCount(),
            GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2), server.Calls.Count,
            server.Rooms.Sum(room => room.Members));
    }
}
