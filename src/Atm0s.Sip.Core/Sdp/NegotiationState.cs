namespace Atm0s.Sip.Core.Sdp;

/// <summary>Where a negotiation stands.</summary>
public enum NegotiationState : byte
{
    /// <summary>No offer is open.</summary>
    Idle,

    /// <summary>Our offer waits for the answer.</summary>
    OfferSent,

    /// <summary>An offer was taken and waits for our answer.</summary>
    OfferTaken,
}
