namespace Atm0s.Sip.Doctor.Checks;

/// <summary>One thing that is looked at.</summary>
internal interface IDoctorCheck
{
    /// <summary>See <see cref="DoctorFinding.Check"/>.</summary>
    string Name { get; }

    /// <summary>Looks; nothing when it does not apply.</summary>
    ValueTask<IReadOnlyList<DoctorFinding>> ExamineAsync(DoctorContext context, CancellationToken cancellationToken);
}
