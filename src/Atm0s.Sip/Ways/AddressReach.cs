namespace Atm0s.Sip.Ways;

/// <summary>How far an address is good: what is named in a narrower scope than that it was heard from is behind a NAT.</summary>
internal enum AddressReach
{
    /// <summary>Nobody can be there: 0.0.0.0, ::, multicast, broadcast.</summary>
    None,

    /// <summary>Only on the machine itself.</summary>
    Host,

    /// <summary>Only on one link (RFC 3927, RFC 4291 §2.5.6).</summary>
    Link,

    /// <summary>Only in a private network, or behind a carrier's NAT (RFC 1918, RFC 4193, RFC 6598).</summary>
    Site,

    /// <summary>Everywhere.</summary>
    World,
}
