namespace Atm0s.Sip.Doctor.Facts;

/// <summary>Whether a port can be opened.</summary>
internal enum PortState
{
    /// <summary>It can.</summary>
    Free,

    /// <summary>Somebody has it.</summary>
    InUse,

    /// <summary>Its address is not of this machine.</summary>
    NotOurs,

    /// <summary>The process may not.</summary>
    NotPermitted,

    /// <summary>The system does not speak this family of addresses, or there is another reason.</summary>
    Impossible,
}
