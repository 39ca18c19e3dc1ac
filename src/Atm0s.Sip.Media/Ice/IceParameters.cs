namespace Atm0s.Sip.Media.Ice;

/// <summary>
/// What offer and answer say of ICE (RFC 8839). We are lite (RFC 8445 §2.5): the peer checks, we answer. Another fragment or password of
/// the peer or of ours is a restart (§9): the path of before holds until a check has nominated one.
/// </summary>
public sealed record IceParameters
{
    /// <summary>Candidates of a peer that are kept, the first ones; the rest is ignored.</summary>
    public const int MaxCandidates = 32;

    /// <summary>Our <c>a=ice-ufrag</c>.</summary>
    public required string LocalUfrag { get; init; }

    /// <summary>Our <c>a=ice-pwd</c>.</summary>
    public required string LocalPassword { get; init; }

    /// <summary>The peer's <c>a=ice-ufrag</c>.</summary>
    public required string RemoteUfrag { get; init; }

    /// <summary>The peer's <c>a=ice-pwd</c>.</summary>
    public required string RemotePassword { get; init; }

    /// <summary>Addresses in the peer's description; none are needed, since its checks come from where it is. Default none.</summary>
    public IReadOnlyList<IceCandidate> RemoteCandidates { get; init; } = [];

    /// <summary>
    /// Whether the peer is lite too (<c>a=ice-lite</c>): then nobody checks, and its default address counts (RFC 8445 §6.2). Default false.
    /// </summary>
    public bool RemoteIsLite { get; init; }

    /// <summary>Whether both have the same credentials, so that neither restarts the other.</summary>
    /// <param name="other">The other ones.</param>
    public bool IsSameSession(IceParameters? other) =>
        other is not null && other.LocalUfrag == LocalUfrag && other.LocalPassword == LocalPassword
        && other.RemoteUfrag == RemoteUfrag && other.RemotePassword == RemotePassword;

    /// <summary>Tells the fragments alone: passwords are secret.</summary>
    public override string ToString() => $"{LocalUfrag}:{RemoteUfrag}";
}
