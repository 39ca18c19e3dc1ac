namespace Atm0s.Sip;

/// <summary>How a trunk stands.</summary>
public enum TrunkState
{
    /// <summary>It is there to be used; we do not register with it.</summary>
    Ready,

    /// <summary>We are registering for the first time, or again after a failure.</summary>
    Registering,

    /// <summary>We are registered.</summary>
    Registered,

    /// <summary>The last attempt failed; the next one follows by itself.</summary>
    Failed,

    /// <summary>It was taken out, or the server stops.</summary>
    Removed,
}
