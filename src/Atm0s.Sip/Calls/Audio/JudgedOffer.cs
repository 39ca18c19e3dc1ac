using Atm0s.Sip.Calls.Audio.Security;
using Atm0s.Sip.Core.Sdp;

namespace Atm0s.Sip.Calls.Audio;

/// <summary>An offer that can be answered, with the answer in mind: it is not negotiated twice.</summary>
/// <param name="Offer">The offer.</param>
/// <param name="Negotiation">Has taken it.</param>
/// <param name="Security">Its keys.</param>
/// <param name="Peer">Whose it is.</param>
/// <param name="SessionId">Number of the session in the answer.</param>
internal sealed record JudgedOffer(
    SessionDescription Offer, SdpNegotiation Negotiation, CallSecurity Security, AudioPeer Peer, long SessionId);
