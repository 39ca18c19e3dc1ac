namespace Atm0s.Sip.Core.Sdp.Security;

/// <summary>Where the keys of a stream come from, as offer and answer say.</summary>
internal abstract record AgreedKeys
{
    private AgreedKeys()
    {
    }

    /// <summary>Which way.</summary>
    public abstract KeyMethod Method { get; }

    /// <summary>They stand in the descriptions (RFC 4568).</summary>
    /// <param name="Ours">The line with the key of what we send.</param>
    /// <param name="Theirs">The line with the key of what they send.</param>
    public sealed record Sdes(CryptoAttribute Ours, CryptoAttribute Theirs) : AgreedKeys
    {
        /// <inheritdoc/>
        public override KeyMethod Method => KeyMethod.Sdes;
    }

    /// <summary>They come from DTLS (RFC 5763).</summary>
    /// <param name="IsClient">Whether we begin.</param>
    /// <param name="Fingerprints">Of certificates one of which the other side has.</param>
    /// <param name="Id">The other side's name of the association (RFC 8842 §4), or null.</param>
    public sealed record Dtls(bool IsClient, IReadOnlyList<SdpFingerprint> Fingerprints, string? Id) : AgreedKeys
    {
        /// <summary>Our name of the association; null where the other side's offer had none (RFC 8842 §5.3).</summary>
        public string? OwnId { get; init; }

        /// <inheritdoc/>
        public override KeyMethod Method => KeyMethod.Dtls;

        /// <summary>Whether the other side shows the same certificates as before, under the same name.</summary>
        public bool HasSamePeerAs(Dtls other) =>
            Id == other.Id && Fingerprints.Count == other.Fingerprints.Count && Fingerprints.All(other.Fingerprints.Contains);
    }
}
