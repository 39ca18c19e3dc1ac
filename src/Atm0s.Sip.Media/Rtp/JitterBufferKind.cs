namespace Atm0s.Sip.Media.Rtp;

/// <summary>Whether the jitter buffer changes its size (RFC 3611 §4.7.6, the second two bits of the receiver configuration).</summary>
public enum JitterBufferKind
{
    /// <summary>Not told.</summary>
    Unknown = 0,

    /// <summary>Without a meaning so far.</summary>
    Reserved = 1,

    /// <summary>Of a fixed size.</summary>
    NonAdaptive = 2,

    /// <summary>Follows the jitter.</summary>
    Adaptive = 3,
}
