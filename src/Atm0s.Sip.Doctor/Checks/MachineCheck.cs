using System.Globalization;

namespace Atm0s.Sip.Doctor.Checks;

/// <summary>Processors and threads that the process may use.</summary>
internal sealed class MachineCheck : IDoctorCheck
{
    private const int PoolThreads = 64;

    public string Name => "machine";

    public ValueTask<IReadOnlyList<DoctorFinding>> ExamineAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        var findings = new List<DoctorFinding>();
        var processors = context.Facts.Processors;
        var number = processors.ToString("0.##", CultureInfo.InvariantCulture);
        if (processors < 1)
        {
            findings.Add(DoctorFinding.Warning(
                Name,
                $"{number} of a processor: the container is stopped again and again, which is heard in the audio",
                "Give it a whole processor, or no limit (requests without limits in Kubernetes)."));
        }
        else
        {
            findings.Add(DoctorFinding.Ok(Name, $"{number} processors"));
        }

        var threads = context.Server.Media.Threads + context.Server.MaxHandlerThreads + PoolThreads
            + context.Server.Listeners.Sum(one => one.ReceiveThreads);
        if (context.Facts.MaxThreads is { } limit && limit < threads)
        {
            findings.Add(DoctorFinding.Warning(
                Name,
                $"{limit} threads are allowed, and up to {threads} may be needed",
                "Raise TasksMax in the systemd unit, the pids limit of the container, or ulimit -u."));
        }

        return ValueTask.FromResult<IReadOnlyList<DoctorFinding>>(findings);
    }
}
