using System.Globalization;

namespace Atm0s.Sip.Doctor.Checks;

/// <summary>Threads wake up when they want to: audio is sent each 20 ms.</summary>
internal sealed class TimerCheck : IDoctorCheck
{
    private static readonly TimeSpan Good = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Heard = TimeSpan.FromMilliseconds(40);

    public string Name => "timer";

    public ValueTask<IReadOnlyList<DoctorFinding>> ExamineAsync(DoctorContext context, CancellationToken cancellationToken)
    {
        if (!context.Options.MeasureTimer)
            return ValueTask.FromResult<IReadOnlyList<DoctorFinding>>([]);
        var (median, worst) = context.Facts.MeasureTimer();
        var text = $"threads wake up {Milliseconds(median)} late as a rule, {Milliseconds(worst)} at worst";
        const string Advice = "See what else uses the processors; a virtual machine with dedicated processors is steadier.";
        return ValueTask.FromResult<IReadOnlyList<DoctorFinding>>(
        [
            median > Heard ? DoctorFinding.Failed(Name, text + ": the audio stutters", Advice)
                : median > Good || worst > Heard ? DoctorFinding.Warning(Name, text + ": now and then that is heard", Advice)
                : DoctorFinding.Ok(Name, text),
        ]);
    }

    private static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture) + " ms";
}
