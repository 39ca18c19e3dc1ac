using Atm0s.Sip.Core.Sdp.Security;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Dtls;

namespace Atm0s.Sip.Calls.Audio.Security;

/// <summary>What one call's descriptions may say of keys, and the certificate that they show.</summary>
/// <param name="Policy">Whether its audio is encrypted.</param>
/// <param name="Wish">For offer and answer.</param>
/// <param name="Identity">The certificate; null when there is no DTLS.</param>
internal sealed record CallSecurity(MediaEncryption Policy, SecurityWish Wish, IDtlsIdentity? Identity)
{
    /// <summary>Whether an offer of ours can't have the keys that it must have.</summary>
    public bool CanNotOffer => Policy == MediaEncryption.Require && Wish.OfferMethod == KeyMethod.None;
}
