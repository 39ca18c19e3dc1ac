using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.Media.Ice;

/// <summary>A source whose check was authentic: our socket and it make a valid pair (RFC 8445 §7.3.2).</summary>
internal struct IcePair
{
    /// <summary>Where the checks came from; none when the slot is free.</summary>
    public MediaAddress Remote;

    /// <summary>Priority of the peer's candidate.</summary>
    public uint Priority;

    /// <summary>When the last authentic check came.</summary>
    public TimeSpan LastCheck;

    /// <summary>Whether that one nominated it.</summary>
    public bool IsNominated;
}
