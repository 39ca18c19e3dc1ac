namespace Atm0s.Sip.Media.ComfortNoise;

/// <summary>What to send for a frame when pauses are not sent (RFC 3389 §5).</summary>
public enum DtxVerdict
{
    /// <summary>The frame itself.</summary>
    Audio,

    /// <summary>A description of the noise.</summary>
    Description,

    /// <summary>No packet: the noise is still as described.</summary>
    Nothing,
}
