namespace Atm0s.Sip.Media.Srtp;

/// <summary>What a received packet is worth.</summary>
public enum SrtpVerdict
{
    /// <summary>Authentic and new.</summary>
    Accepted,

    /// <summary>Too short, or a length in it lies: not looked at further.</summary>
    Malformed,

    /// <summary>Its tag does not fit: nobody with the key has sent it as it is.</summary>
    Unauthentic,

    /// <summary>It has come before, or is too old to tell (RFC 3711 §3.3.2).</summary>
    Replayed,

    /// <summary>The key may not be used any further (RFC 3711 §9.2).</summary>
    KeyExhausted,
}
