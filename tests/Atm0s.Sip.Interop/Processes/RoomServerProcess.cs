using System.Net;
using System.Reflection;

namespace Atm0s.Sip.Interop.Processes;

/// <summary>samples/RoomServer, running.</summary>
public sealed class RoomServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;
    private readonly PortRange _rtp;

    private RoomServerProcess(ChildProcess process, PortRange rtp) => (_process, _rtp) = (process, rtp);

    /// <summary>The process.</summary>
    public ChildProcess Process => _process;

    /// <summary>Its UDP listener.</summary>
    public IPEndPoint Udp { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>Its TCP listener.</summary>
    public IPEndPoint Tcp { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>Its TLS listener, when it has one.</summary>
    public IPEndPoint Tls { get; private set; } = new(IPAddress.Loopback, 0);

    /// <summary>All events up to now.</summary>
    public IEnumerable<ServerLine> Events => _process.Output.Lines.Select(ServerLine.Parse).OfType<ServerLine>();

    /// <summary>Starts it on free ports with the demo users, and waits until it is ready.</summary>
    public static async Task<RoomServerProcess> StartAsync(params string[] more)
    {
        var dll = typeof(RoomServerProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(data => data.Key == "RoomServer").Value!;
        var rtp = FreePorts.Range(400);
        string[] arguments =
        [
            dll, "--listen", "udp://127.0.0.1:0", "--listen", "tcp://127.0.0.1:0", "--realm", "test.local", "--demo-users",
            "--open-rooms", "open-", "--rtp-ports", $"{rtp}", "--verbose",
            .. more,
        ];
        var server = new RoomServerProcess(ChildProcess.Start("server", "dotnet", arguments), rtp);
        try
        {
            await server._process.Output.WaitAsync(line => ServerLine.Parse(line)?.Kind == "ready", "ready", StartTime);
        }
        catch (AssertionException error)
        {
            var log = server._process.Errors.ToString();
            await server.DisposeAsync();
            throw new AssertionException($"{error.Message}\n{log}");
        }

        foreach (var uri in server.Events.Where(line => line.Kind == "listening").Select(line => new Uri(line["uri"])))
        {
            if (uri.Scheme == "udp")
                server.Udp = new IPEndPoint(IPAddress.Loopback, uri.Port);
            if (uri.Scheme == "tls")
                server.Tls = new IPEndPoint(IPAddress.Loopback, uri.Port);
            if (uri.Scheme == "tcp")
                server.Tcp = new IPEndPoint(IPAddress.Loopback, uri.Port);
            if (uri.Scheme == "tls")
                server.Tls = new IPEndPoint(IPAddress.Loopback, uri.Port);
        }

        return server;
    }

    /// <summary>Waits for an event of <paramref name="kind"/> whose values are these (<c>key=value</c>).</summary>
    public async Task<ServerLine> WaitAsync(string kind, TimeSpan timeout, params string[] values)
    {
        var line = await _process.Output.WaitAsync(
            text => ServerLine.Parse(text) is { } found && found.Kind == kind && values.All(value => Has(found, value)),
            $"{kind} {string.Join(' ', values)}", timeout);
        return ServerLine.Parse(line)!;
    }

    /// <summary>SIGTERM; its exit code.</summary>
    public async Task<int> StopAsync(TimeSpan timeout)
    {
        _process.Terminate();
        return await _process.WaitForExitAsync(timeout);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _rtp.DisposeAsync();
    }

    private static bool Has(ServerLine line, string value)
    {
        var parts = value.Split('=', 2);
        return line[parts[0]] == parts[1];
    }
}
