namespace Atm0s.Sip.Registrar;

/// <summary>One contact of a REGISTER, over the bytes of the message: bind it for so long, or remove it when its time is zero.</summary>
internal readonly ref struct ContactWish
{
    /// <summary>The contact.</summary>
    public required ReadOnlySpan<byte> Uri { get; init; }

    /// <summary>Its time.</summary>
    public required TimeSpan Expires { get; init; }

    /// <summary>Which device it is (RFC 5626 §4.1), or empty.</summary>
    public ReadOnlySpan<byte> InstanceId { get; init; }

    /// <summary>Which of the device's flows (RFC 5626 §4.2), or null.</summary>
    public int? RegId { get; init; }

    /// <summary>Its preference among the user's contacts in thousandths (RFC 3261 §10.2.1.2).</summary>
    public int Quality { get; init; }
}
