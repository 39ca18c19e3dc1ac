namespace Atm0s.Sip.Media.Net;

/// <summary>What is known of a peer before its first packet.</summary>
internal readonly record struct LatchRule
{
    /// <summary>The address in its SDP.</summary>
    public MediaAddress Expected { get; init; }

    /// <summary>Where its signalling comes from; the port does not matter. None: from a proxy, which says nothing of the peer.</summary>
    public MediaAddress Signalling { get; init; }

    /// <summary>What the call before heard on the same port: it may still come, and is not this call's.</summary>
    public HeardStream Earlier { get; init; }
}
