using System.Globalization;

namespace Atm0s.Sip.Interop.Processes;

/// <summary>sipp, running one scenario to its end.</summary>
public sealed class Sipp : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly ChildProcess _process;

    private Sipp(TempFolder folder, ChildProcess process)
    {
        _folder = folder;
        _process = process;
    }

    /// <summary>Its process.</summary>
    public ChildProcess Process => _process;

    /// <summary>Starts it on 127.0.0.1; <paramref name="users"/> becomes its injection file: name;authentication.</summary>
    public static Sipp Start(string name, int port, IEnumerable<string> users, params string[] arguments)
    {
        Prerequisites.Require("sipp");
        var folder = new TempFolder();
        string[] lines = [.. users.Select(user => $"{user};[authentication username={user} password=pw-{user}]")];
        File.WriteAllLines(folder["users.csv"], ["SEQUENTIAL", .. lines]);
        string[] injection = lines.Length == 0 ? [] : ["-inf", folder["users.csv"]];
        string[] all =
        [
            .. arguments, "-i", arguments.Contains("[::1]") ? "[::1]" : "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture),
            "-mp", FreePorts.Take(4).ToString(CultureInfo.InvariantCulture), .. injection,
            "-nostdin", "-max_socket", "1000", "-trace_err", "-error_file", folder["errors"], "-timeout_error",
        ];
        return new Sipp(folder, ChildProcess.Start(name, "sipp", all, folder.Path));
    }

    /// <summary>
    /// For a sipp that is called: it would give up on an INVITE that is repeated before its answer came (RFC 3261 §17.1.1.2).
    /// </summary>
    public static IReadOnlyList<string> TakesRepetitions { get; } = ["-default_behaviors", "all,-abortunexp"];

    /// <summary>The path of a scenario of ours.</summary>
    public static string Scenario(string name) => Path.Combine(AppContext.BaseDirectory, "Load", "Sipp", name + ".xml");

    /// <summary>Waits for its end; fails unless every call succeeded.</summary>
    public async Task SucceedsAsync(TimeSpan timeout)
    {
        var code = await _process.WaitForExitAsync(timeout);
        if (code == 0)
            return;
        var errors = File.Exists(_folder["errors"]) ? string.Join('\n', File.ReadLines(_folder["errors"]).Take(60)) : "";
        throw new AssertionException(
            $"{_process.Name}: exit code {code}\n{errors}\n{string.Join('\n', _process.Output.Lines.TakeLast(60))}\n{_process.Errors}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
