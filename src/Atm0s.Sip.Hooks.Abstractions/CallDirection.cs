namespace Atm0s.Sip.Hooks;

/// <summary>Direction of a call, seen from the server.</summary>
public enum CallDirection
{
    /// <summary>A phone or PBX called us.</summary>
    Incoming,

    /// <summary>We called.</summary>
    Outgoing,
}
