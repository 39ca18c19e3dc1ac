using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Atm0s.Sip.LoadGenerator.Native;

namespace Atm0s.Sip.LoadGenerator.Servers;

/// <summary>A program that was started here, and is ended here by its id alone.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly ConcurrentDictionary<int, ChildProcess> Running = new();

    // Who stops the generator means its servers too. The signal then does what it always does.
    private static readonly PosixSignalRegistration[] Signals =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, static _ => EndAll()),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, static _ => EndAll()),
    ];

    private readonly Process _process;
    private readonly string _errors = Path.GetTempFileName();
    private readonly bool _asks;

    private ChildProcess(ProcessStartInfo start, bool asks)
    {
        start.Environment["LOAD_ERRORS"] = _errors;
        _asks = asks;
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        Running[_process.Id] = this;
        GC.KeepAlive(Signals);
    }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>The last of what it said on standard error.</summary>
    public string Errors => string.Join('\n', File.ReadLines(_errors).TakeLast(5));

    /// <summary>Starts it. Standard output goes nowhere, unless it is asked over it.</summary>
    /// <param name="processor">The one it may run on.</param>
    /// <param name="environment">Variables besides those there are.</param>
    /// <param name="asks">Whether it is asked over standard input and output.</param>
    /// <param name="command">The program and its arguments.</param>
    public static ChildProcess Start(
        int processor, IReadOnlyDictionary<string, string> environment, bool asks, IEnumerable<string> command)
    {
        // The shell becomes taskset, and taskset the program: the process id stays.
        var output = asks ? "" : ">/dev/null </dev/null ";
        var line = $"exec taskset -c \"$0\" \"$@\" {output}2>\"$LOAD_ERRORS\"";
        var start = new ProcessStartInfo("/bin/sh", ["-c", line, processor.ToString(Culture.Invariant), .. command])
        {
            RedirectStandardInput = asks,
            RedirectStandardOutput = asks,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new ChildProcess(start, asks);
    }

    /// <summary>Says a line and reads one.</summary>
    public string? Ask(string line)
    {
        if (!_asks || HasEnded)
            return null;
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Running.TryRemove(_process.Id, out _);
        if (!_process.HasExited)
            _ = LibC.Kill(_process.Id, LibC.Terminate);
        if (!_process.WaitForExit(10_000))
            _process.Kill();
        _process.Dispose();
        File.Delete(_errors);
    }

    private static void EndAll()
    {
        foreach (var id in Running.Keys)
            _ = LibC.Kill(id, LibC.Terminate);
    }
}
