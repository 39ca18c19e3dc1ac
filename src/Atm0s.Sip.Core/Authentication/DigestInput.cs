namespace Atm0s.Sip.Core.Authentication;

/// <summary>What a digest is computed from besides the user's hash and the method (RFC 7616 §3.4.1).</summary>
internal readonly ref struct DigestInput
{
    public ReadOnlySpan<byte> Nonce { get; init; }

    public ReadOnlySpan<byte> Cnonce { get; init; }

    /// <summary>The 8 hex digits of nc; empty without qop.</summary>
    public ReadOnlySpan<byte> NonceCount { get; init; }

    public ReadOnlySpan<byte> Uri { get; init; }

    /// <summary>The qop; without (empty), nc and cnonce are not part of it (RFC 2617 §3.2.2.1).</summary>
    public ReadOnlySpan<byte> Qop { get; init; }

    public bool IsSession { get; init; }
}
