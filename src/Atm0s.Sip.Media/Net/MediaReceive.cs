namespace Atm0s.Sip.Media.Net;

/// <summary>What a receive brought.</summary>
public enum MediaReceive
{
    /// <summary>Nothing waits.</summary>
    None,

    /// <summary>A datagram; it may have no bytes.</summary>
    Datagram,

    /// <summary>An error that was pending, ICMP for example (counted, to be read past). More may wait.</summary>
    Error,
}
