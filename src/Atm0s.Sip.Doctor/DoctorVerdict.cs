namespace Atm0s.Sip.Doctor;

/// <summary>What a check comes to.</summary>
public enum DoctorVerdict
{
    /// <summary>All is well.</summary>
    Ok,

    /// <summary>It works, but not for everybody or not for as many as the settings say.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Failed,
}
