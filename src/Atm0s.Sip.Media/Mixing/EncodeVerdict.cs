namespace Atm0s.Sip.Media.Mixing;

/// <summary>What a shared encoder does for one listener in a tick.</summary>
internal enum EncodeVerdict
{
    /// <summary>Its packets begin at other moments: nothing.</summary>
    Elsewhere,

    /// <summary>It counts him: with a second one it encodes from the next packet on.</summary>
    Counted,

    /// <summary>The packets are there.</summary>
    Encoded,
}
