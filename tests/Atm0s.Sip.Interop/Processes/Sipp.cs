using System.Globalization;
using System.Net;
using Atm0s.Sip.Interop.Scripts;

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

    /// <summary>The messages of a script, filled when it is disposed of.</summary>
    public LineLog Wire { get; } = new("wire");

    /// <summary>
    /// Starts it on 127.0.0.1, or where -i says; <paramref name="users"/> becomes its injection file: name;authentication.
    /// </summary>
    public static Sipp Start(string name, int port, IEnumerable<string> users, params string[] arguments) =>
        Start(name, port, users, new TempFolder(), arguments);

    private static Sipp Start(string name, int port, IEnumerable<string> users, TempFolder folder, string[] arguments)
    {
        Prerequisites.Require("sipp");
        string[] lines = [.. users.Select(user => $"{user};[authentication username={user} password=pw-{user}]")];
        File.WriteAllLines(folder["users.csv"], ["SEQUENTIAL", .. lines]);
        string[] injection = lines.Length == 0 ? [] : ["-inf", folder["users.csv"]];
        string[] address = arguments.Contains("-i") ? [] : ["-i", arguments.Contains("[::1]") ? "[::1]" : "127.0.0.1"];
        string[] all =
        [
            .. arguments, .. address, "-p", port.ToString(CultureInfo.InvariantCulture),
            "-mp", FreePorts.Take(4).ToString(CultureInfo.InvariantCulture), .. injection,
            "-nostdin", "-max_socket", "1000", "-trace_err", "-error_file", folder["errors"], "-timeout_error",
        ];
        return new Sipp(folder, ChildProcess.Start(name, "sipp", all, folder.Path));
    }

    /// <summary>Runs a script once; a caller's goes to <paramref name="nextHop"/>.</summary>
    internal static Sipp Start(
        string name, int port, SippScript script, IPEndPoint? nextHop = null, string transport = "u1", params string[] more)
    {
        var folder = new TempFolder();
        File.WriteAllText(folder["script.xml"], script.ToString());
        string[] arguments =
        [
            "-sf", folder["script.xml"], "-m", "1", "-t", transport, "-recv_timeout", "20000", "-timeout", "100",
            "-trace_msg", "-message_file", folder["messages"], .. script.IsCaller ? [] : TakesRepetitions, .. more,
            .. nextHop is null ? [] : new[] { nextHop.ToString() },
        ];
        return Start(name, port, [], folder, arguments);
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
        if (File.Exists(_folder["messages"]))
        {
            foreach (var line in File.ReadLines(_folder["messages"]).TakeLast(200))
                Wire.Add(line);
        }

        _folder.Dispose();
    }
}
