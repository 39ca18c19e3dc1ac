namespace Atm0s.Sip.Media.Dtls;

/// <summary>
/// What offer and answer agreed on for the keys of a stream (RFC 5763 §5). Parameters that are equal keep the association.
/// </summary>
public sealed record DtlsParameters
{
    /// <summary>Whom our description has shown: the certificate behind our <c>a=fingerprint</c>.</summary>
    public required IDtlsIdentity Identity { get; init; }

    /// <summary>Who begins.</summary>
    public required DtlsRole Role { get; init; }

    /// <summary>
    /// Fingerprints of the peer's description. At least one; those that prove nothing (<see cref="CertificateFingerprint.IsStrong"/>) never
    /// match.
    /// </summary>
    public required IReadOnlyList<CertificateFingerprint> RemoteFingerprints { get; init; }

    /// <summary>
    /// Name of the association that the peer has given (RFC 8842 §4, <c>a=tls-id</c>); another one means a new association.
    /// </summary>
    public string? RemoteId { get; init; }

    /// <summary>Whether both lead to the same association: the order of fingerprints means nothing.</summary>
    /// <param name="other">The other ones.</param>
    public bool Equals(DtlsParameters? other) =>
        other is not null && ReferenceEquals(other.Identity, Identity) && other.Role == Role && other.RemoteId == RemoteId
        && other.RemoteFingerprints.ToHashSet().SetEquals(RemoteFingerprints);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Role, RemoteId, RemoteFingerprints.Count);

    /// <summary>
    /// Whether a certificate is the one that the description named (RFC 8122 §5.1): of the strongest hash function named there it has one
    /// of
    /// the fingerprints. All are compared, whatever the first ones say.
    /// </summary>
    /// <param name="certificate">The peer's certificate, in DER.</param>
    public bool IsPeer(ReadOnlySpan<byte> certificate)
    {
        var strongest = 0;
        foreach (var fingerprint in RemoteFingerprints)
            strongest = fingerprint.IsStrong ? Math.Max(strongest, fingerprint.Value.Length) : strongest;
        var isPeer = false;
        foreach (var fingerprint in RemoteFingerprints)
            isPeer |= fingerprint.Matches(certificate) && fingerprint.Value.Length == strongest;
        return isPeer;
    }
}
