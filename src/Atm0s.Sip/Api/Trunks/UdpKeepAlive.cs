namespace Atm0s.Sip;

/// <summary>
/// What is sent over UDP every 24 to 29 s (RFC 5626 §4.4.2) while we are registered, so that a NAT between us and the server lets its calls
/// through. Connections need no such option: over them pings go out all the time (§4.4.1).
/// </summary>
public enum UdpKeepAlive
{
    /// <summary>Nothing: we are reached at our own address, or a NAT forwards the port to us.</summary>
    Off,

    /// <summary>
    /// A datagram of two blank lines, which every server ignores (RFC 3261 §7.5). Costs the server nothing; that it is gone shows with the
    /// next registration.
    /// </summary>
    BlankLine,

    /// <summary>OPTIONS: a server that does not answer is registered with anew.</summary>
    Options,
}
