using System.Reflection;
using Atm0s.Sip.LoadGenerator.Traffic;

namespace Atm0s.Sip.LoadGenerator.Servers;

/// <summary>Starts the servers that there are.</summary>
internal static class ServerFactory
{
    private const string Domain = "127.0.0.1";

    // Servers that take turns run at the same time, and keep the sockets of calls for a while.
    private const int RoomServerPort = 8_000;
    private const int HostPort = 13_000;

    /// <summary>The names that are known, for the usage.</summary>
    public const string Names = "roomserver, host, host-nomedia, kamailio, sipp";

    /// <summary>Starts one and waits until it answers.</summary>
    /// <exception cref="InvalidOperationException">It is not there, or does not start.</exception>
    public static ServerUnderTest Start(string name, ServerPlan plan)
    {
        var port = FreePort.Take();
        var server = name switch
        {
            "roomserver" => StartRoomServer(name, port, plan),
            "host" or "host-nomedia" => StartHost(name, port, plan),
            "kamailio" => StartKamailio(name, port, plan),
            "sipp" => StartSipp(name, port, plan),
            _ => throw new InvalidOperationException($"\"{name}\" is no server: {Names}."),
        };
        server.WaitUntilReady();
        return server;
    }

    /// <summary>A server that runs already.</summary>
    public static ServerUnderTest Existing(int port, int processId, string password, string number) =>
        new("other", new Target(port, Domain, user => password.Replace("%u", user, StringComparison.Ordinal)), processId, null)
        {
            OpenNumber = number, ClosedNumber = number,
        };

    private static ServerUnderTest StartRoomServer(string name, int port, ServerPlan plan)
    {
        var dll = typeof(ServerFactory).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(data => data.Key == "RoomServer").Value!;
        List<string> command =
        [
            "dotnet", dll, "--listen", $"udp://127.0.0.1:{port}", "--realm", Domain, "--demo-users", "--open-rooms", "conf",
            "--rtp-ports", $"{RoomServerPort}-{plan.LastPort(RoomServerPort)}", "--alone-timeout", "0", "--media-timeout", "0", .. plan.Extra,
        ];
        if (plan.MaxCalls is { } calls)
            command.AddRange(["--max-calls", calls.ToString(Culture.Invariant)]);
        var process = ChildProcess.Start(plan.Processor, plan.Environment, asks: false, command);
        return new ServerUnderTest(name, new Target(port, Domain, user => $"pw-{user}"), process.Id, process);
    }

    private static HostUnderTest StartHost(string name, int port, ServerPlan plan)
    {
        List<string> command =
        [
            "dotnet", typeof(ServerFactory).Assembly.Location, "serve", "--port", port.ToString(Culture.Invariant),
            "--first-port", HostPort.ToString(Culture.Invariant), "--last-port", plan.LastPort(HostPort),
        ];
        if (name == "host-nomedia")
            command.Add("--no-media");
        if (plan.TellsTypes)
            command.Add("--types");
        if (plan.MaxCalls is { } calls)
            command.AddRange(["--max-calls", calls.ToString(Culture.Invariant)]);
        var process = ChildProcess.Start(plan.Processor, plan.Environment, asks: true, command);
        return new HostUnderTest(name, new Target(port, Domain, user => $"pw-{user}"), process)
        {
            Can = name == "host" ? Abilities.All : Abilities.Options | Abilities.Register | Abilities.Call,
            MeasuredAt = name == "host" ? null : Abilities.Call,
            OpenNumber = "open",
            ClosedNumber = "room",
        };
    }

    private static ServerUnderTest StartKamailio(string name, int port, ServerPlan plan)
    {
        var program = Find("kamailio", "/usr/sbin/kamailio", "/usr/bin/kamailio");
        var modules = Directory.GetDirectories("/usr/lib", "*-linux-gnu").Select(directory => $"{directory}/kamailio/modules/")
            .FirstOrDefault(Directory.Exists) ?? "/usr/lib/kamailio/modules/";

        // Debian's kamailio takes a debugging allocator unless it is told: three quarters of its time would go there.
        var process = ChildProcess.Start(plan.Processor, new Dictionary<string, string>(), asks: false,
        [
            program, "-X", "fm", "-x", "fm", "-f", Path.Combine(AppContext.BaseDirectory, "kamailio.cfg"), "-m", "1024", "-DD", "-E",
            "-Y", Path.GetTempPath(), "-A", $"PORT={port}", "-A", $"MODULES=\"{modules}\"",
        ]);
        return new ServerUnderTest(name, new Target(port, Domain, _ => "secret"), process.Id, process)
        {
            Can = Abilities.Options | Abilities.Register,
        };
    }

    private static ServerUnderTest StartSipp(string name, int port, ServerPlan plan)
    {
        var process = ChildProcess.Start(plan.Processor, new Dictionary<string, string>(), asks: false,
        [
            Find("sipp", "/usr/bin/sipp", "/usr/local/bin/sipp"), "-sn", "uas", "-i", Domain, "-p", port.ToString(Culture.Invariant),
            "-nostdin",
        ]);
        return new ServerUnderTest(name, new Target(port, Domain, _ => ""), process.Id, process) { Can = Abilities.Call };
    }

    private static string Find(string name, params string[] places) =>
        places.FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException($"{name} is not installed: eng/prerequisites.sh benchmarks");
}
