using Atm0s.Sip.Core.Sdp.Security;

namespace Atm0s.Sip.Calls.Audio.Security;

/// <summary>What tells offers of one call apart, beside the address that they leave from.</summary>
/// <param name="Method">Where the keys come from.</param>
/// <param name="IsOpportunistic">Whether plain RTP may be answered.</param>
/// <param name="IsForBrowser">Whether it is one for browsers.</param>
internal readonly record struct OfferKind(KeyMethod Method, bool IsOpportunistic, bool IsForBrowser)
{
    /// <summary>That of a wish.</summary>
    public static OfferKind Of(SecurityWish wish) => new(wish.OfferMethod, wish.OffersOpportunistically, wish.OffersToBrowser);
}
