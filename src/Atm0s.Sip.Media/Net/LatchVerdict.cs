namespace Atm0s.Sip.Media.Net;

/// <summary>What to do with a packet of some source.</summary>
internal enum LatchVerdict
{
    /// <summary>Not of the source we listen to: drop it.</summary>
    Refused,

    /// <summary>Of the source we listen to.</summary>
    Accepted,

    /// <summary>Accepted, and from now on this is the source.</summary>
    Latched,
}
