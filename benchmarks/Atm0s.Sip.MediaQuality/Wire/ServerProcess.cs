using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;

namespace Atm0s.Sip.MediaQuality.Wire;

/// <summary>A server of ours or another's, as a child of this process.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropOldest });

    private ServerProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => _lines.Writer.TryWrite(line.Data ?? "");
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Starts it.</summary>
    /// <param name="core">The only processor it may run on; null is any.</param>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ServerProcess Start(int? core, string file, params string[] arguments)
    {
        // taskset becomes the program: the process id stays.
        var all = core is { } one ? (string[])["-c", one.ToString(CultureInfo.InvariantCulture), file, .. arguments] : arguments;
        var info = new ProcessStartInfo(core is null ? file : "taskset", all)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new ServerProcess(Process.Start(info) ?? throw new InvalidOperationException($"{file} did not start."));
    }

    /// <summary>Waits for a line of its output.</summary>
    public async Task WaitForAsync(Func<string, bool> wanted)
    {
        using var limit = new CancellationTokenSource(StartTime);
        await foreach (var line in _lines.Reader.ReadAllAsync(limit.Token))
        {
            if (wanted(line))
                return;
        }
    }


    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            Process.Start("kill", _process.Id.ToString(CultureInfo.InvariantCulture)).Dispose(); // SIGTERM: it ends its calls

        try
        {
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (TimeoutException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
