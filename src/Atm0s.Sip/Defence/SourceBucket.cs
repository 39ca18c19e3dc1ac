namespace Atm0s.Sip.Defence;

/// <summary>What one source may still send. A slot of <see cref="SourceBuckets"/>.</summary>
internal struct SourceBucket
{
    /// <summary>Bits of the source.</summary>
    public ulong Source;

    /// <summary>When it was last looked at; zero ticks for a slot that nobody has.</summary>
    public TimeSpan At;

    /// <summary>Requests that open something.</summary>
    public float Left;

    /// <summary>Requests that claim to belong to something.</summary>
    public float LeftInside;

    /// <summary>Whether the source is an IPv6 /64.</summary>
    public bool IsIPv6;

    /// <summary>Whether it was told that it is over the limit.</summary>
    public bool IsOver;
}
