using System.Diagnostics;

namespace Atm0s.Sip.Interop.Processes;

/// <summary>A process of ours: its lines are kept, and it never outlives the test.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);
    private readonly Process _process;
    private readonly Task _exited;

    private ChildProcess(string name, Process process)
    {
        _process = process;
        Name = name;
        Output = new LineLog(name);
        Errors = new LineLog(name + "!");
        _exited = Task.WhenAll(
            PumpAsync(process.StandardOutput, Output), PumpAsync(process.StandardError, Errors), process.WaitForExitAsync());
        Id = process.Id;
    }

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    /// <summary>Its process id.</summary>
    public int Id { get; }

    /// <summary>What it prints.</summary>
    public LineLog Output { get; }

    /// <summary>What it prints on standard error.</summary>
    public LineLog Errors { get; }

    /// <summary>Where its commands go.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>Starts it, on no shell.</summary>
    public static ChildProcess Start(string name, string file, IEnumerable<string> arguments, string? directory = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var info = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? Path.GetTempPath(),
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
            info.Environment[key] = value;
        return new ChildProcess(name, Process.Start(info) ?? throw new AssertionException($"{file} did not start"));
    }

    /// <summary>Bytes of its memory that are resident.</summary>
    public long WorkingSet()
    {
        _process.Refresh();
        return _process.WorkingSet64;
    }

    /// <summary>Processor time it has used.</summary>
    public TimeSpan ProcessorTime()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    /// <summary>Descriptors it has open. Linux.</summary>
    public int OpenDescriptors() => Directory.GetFiles($"/proc/{Id}/fd").Length;

    /// <summary>Lets it open so many descriptors from now on, as <c>ulimit -n</c> does. Linux.</summary>
    public async Task LimitDescriptorsAsync(int count)
    {
        await using var prlimit = Start("prlimit", "prlimit", ["--pid", $"{Id}", $"--nofile={count}:{count}"]);
        Assert.That(await prlimit.WaitForExitAsync(Grace), Is.Zero, prlimit.Errors.ToString());
    }

    /// <summary>SIGTERM: please stop.</summary>
    public void Terminate()
    {
        if (!_process.HasExited)
            Signal.SendTerminate(Id);
    }

    /// <summary>SIGKILL: no chance to say goodbye.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Grace);
    }

    /// <summary>Waits until it ended by itself; its exit code.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan timeout)
    {
        try
        {
            await _exited.WaitAsync(timeout);
        }
        catch (TimeoutException)
        {
            throw new AssertionException($"{Name} still runs after {timeout.TotalSeconds} s\n{Output}\n{Errors}");
        }

        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Terminate();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(Grace);
        }
        catch (TimeoutException)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static async Task PumpAsync(StreamReader reader, LineLog log)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
                log.Add(line);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            log.Add(error.Message);
        }

        log.Close("it ended");
    }
}
