using Atm0s.Sip.LoadGenerator.Servers;
using Atm0s.Sip.LoadGenerator.Traffic;

namespace Atm0s.Sip.LoadGenerator.Output;

/// <summary>A line each second, on standard error.</summary>
internal sealed class Progress(string what, Workload? workload, ServerUnderTest server, Flood? flood)
{
    private readonly ProcessProbe _probe = new(server.ProcessId);
    private readonly long _start = Clock.Now;
    private long _done;
    private double _cpu = new ProcessProbe(server.ProcessId).Read().Cpu;
    private long _sent;

    public void Print(long now)
    {
        var sample = _probe.Read();
        var line = $"{what} {(now - _start) / Clock.Second} s:";
        if (workload is not null)
        {
            var tally = workload.Tally;
            var done = tally.Succeeded + tally.Failed;
            line += $" {Math.Max(done - _done, 0)}/s, {workload.Outstanding} open, {tally.Failed} failed,"
                + $" p50 {tally.Latency.Text(0.5)} p99 {tally.Latency.Text(0.99)} ms";
            _done = done;
        }

        if (flood is not null)
        {
            line += $" flood {flood.Sent - _sent}/s, {flood.Answered} answered";
            _sent = flood.Sent;
        }

        if (server.ProcessId > 0)
        {
            line += $"; server {Culture.Text((sample.Cpu - _cpu) * 100, "0")} % cpu, {sample.Memory >> 20} MB,"
                + $" {sample.Files} files, {sample.Threads} threads";
            _cpu = sample.Cpu;
        }

        Console.Error.WriteLine(line);
    }
}
