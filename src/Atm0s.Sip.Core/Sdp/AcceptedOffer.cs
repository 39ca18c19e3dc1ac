namespace Atm0s.Sip.Core.Sdp;

/// <summary>An offer that can be answered: which of its streams, with what, and what comes of it.</summary>
/// <param name="Offer">The offer.</param>
/// <param name="Media">Its stream that is taken; null when it ends the audio.</param>
/// <param name="Formats">What the answer lists.</param>
/// <param name="Audio">What holds once the answer is sent.</param>
internal sealed record AcceptedOffer(
    SessionDescription Offer, MediaDescription? Media, IReadOnlyList<SdpFormat> Formats, NegotiatedAudio Audio);
