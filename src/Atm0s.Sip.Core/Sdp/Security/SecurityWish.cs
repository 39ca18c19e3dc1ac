namespace Atm0s.Sip.Core.Sdp.Security;

/// <summary>What offers and answers of one session may say of keys.</summary>
internal sealed record SecurityWish
{
    /// <summary>Whether the audio is to be protected.</summary>
    public required SecurityPolicy Policy { get; init; }

    /// <summary>Whether keys may stand in descriptions here: whoever sees the signalling sees them (RFC 4568 §8.3).</summary>
    public bool MaySendKeys { get; init; }

    /// <summary>Suites for keys in descriptions, best first.</summary>
    public IReadOnlyList<CryptoSuite> Suites { get; init; } = [];

    /// <summary>Makes random bytes: as many as are asked for.</summary>
    public required Func<int, byte[]> NewKey { get; init; }

    /// <summary>What is needed for keys from DTLS; null where there are none.</summary>
    public DtlsWish? Dtls { get; init; }

    /// <summary>Where the keys of our first offer come from.</summary>
    public KeyMethod OfferMethod { get; init; }

    /// <summary>
    /// Whether our first offer has the profile of plain RTP with keys in it, which who does not know them passes over (RFC 8643 §3.1); else
    /// it has a secure one, and who can't do it refuses.
    /// </summary>
    public bool OffersOpportunistically { get; init; }

    /// <summary>Whether our first offer is for a browser: with ICE, one port for RTP and RTCP, in a bundle of one.</summary>
    public bool OffersToBrowser { get; init; }

    /// <summary>A new name of an association (RFC 8842 §4): 20 characters at least, at random.</summary>
    public string NewAssociationId() => Convert.ToHexStringLower(NewKey(16));
}
