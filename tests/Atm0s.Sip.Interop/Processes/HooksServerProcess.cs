using System.Reflection;

namespace Atm0s.Sip.Interop.Processes;

/// <summary>samples/HooksServer, running.</summary>
public sealed class HooksServerProcess : IAsyncDisposable
{
    private HooksServerProcess(ChildProcess process, string url) => (Process, Url) = (process, url);

    /// <summary>The process.</summary>
    public ChildProcess Process { get; }

    /// <summary>Where its hooks are.</summary>
    public string Url { get; }

    /// <summary>Starts it on a free port and waits until it is ready.</summary>
    /// <param name="controlUrl">Control API of the SIP server.</param>
    /// <param name="apiKey">Key of the control API.</param>
    public static async Task<HooksServerProcess> StartAsync(string controlUrl, string apiKey)
    {
        var dll = typeof(HooksServerProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(data => data.Key == "HooksServer").Value!;
        var url = $"http://127.0.0.1:{FreePorts.Take()}";
        var process = ChildProcess.Start("hooks", "dotnet", [dll, "--listen", url, "--sip", controlUrl, "--api-key", apiKey]);
        var server = new HooksServerProcess(process, url + "/hooks");
        await server.WaitAsync("ready");
        return server;
    }

    /// <summary>Waits for a line that begins so.</summary>
    public Task<string> WaitAsync(string beginning) =>
        Process.Output.WaitAsync(line => line.StartsWith(beginning, StringComparison.Ordinal), beginning, TimeSpan.FromSeconds(60));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
