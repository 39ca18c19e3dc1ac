using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Atm0s.Sip.Hooks.Http.Tests.Streams;

/// <summary>The bot in Python: a process of its own that knows nothing but the documented messages.</summary>
internal sealed class PythonBot : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<JsonElement> _lines = new();
    private readonly TaskCompletionSource<int> _port = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PythonBot(Process process) => _process = process;

    public IReadOnlyList<JsonElement> Lines => [.. _lines];

    public IEnumerable<JsonElement> Events(string name) =>
        Lines.Where(line => line.TryGetProperty("event", out var value) && value.GetString() == name);

    public IEnumerable<string> Violations =>
        Lines.Where(line => line.TryGetProperty("violation", out _)).Select(line => line.GetProperty("violation").GetString()!);

    public static async Task<(PythonBot Bot, int Port)> StartAsync()
    {
        var script = Path.Combine(Root(), "tests", "Atm0s.Sip.Hooks.Http.Tests", "Streams", "media_stream_bot.py");
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo("python3", [script]) { RedirectStandardOutput = true })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // With CI=true it fails, lest a green run test nothing.
            if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
                throw;
            Assert.Ignore("needs python3");
            throw;
        }

        var bot = new PythonBot(process);
        process.OutputDataReceived += (_, line) => bot.Take(line.Data);
        process.BeginOutputReadLine();
        return (bot, await bot._port.Task.WaitAsync(TimeSpan.FromSeconds(120)));
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string Root()
    {
        var folder = TestContext.CurrentContext.TestDirectory;
        while (!File.Exists(Path.Combine(folder, "Atm0s.Sip.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }

    private void Take(string? line)
    {
        if (line is null)
            return;
        if (!line.StartsWith('{'))
            _port.TrySetResult(int.Parse(line, CultureInfo.InvariantCulture));
        else
            _lines.Enqueue(JsonDocument.Parse(line).RootElement.Clone());
    }
}
