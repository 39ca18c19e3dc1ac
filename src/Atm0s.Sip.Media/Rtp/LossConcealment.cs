namespace Atm0s.Sip.Media.Rtp;

/// <summary>How losses are filled (RFC 3611 §4.7.6, the first two bits of the receiver configuration).</summary>
public enum LossConcealment
{
    /// <summary>Not told.</summary>
    Unspecified = 0,

    /// <summary>Silence in place of what is lost.</summary>
    Disabled = 1,

    /// <summary>An interpolation that conceals high loss.</summary>
    Enhanced = 2,

    /// <summary>A simple repetition that conceals single losses.</summary>
    Standard = 3,
}
