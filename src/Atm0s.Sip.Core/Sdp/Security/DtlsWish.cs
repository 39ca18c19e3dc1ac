namespace Atm0s.Sip.Core.Sdp.Security;

/// <summary>What descriptions say of our side of DTLS and ICE.</summary>
/// <param name="Fingerprint">Of our certificate.</param>
/// <param name="NewIceLogin">Makes a fragment of a user name and a password.</param>
internal sealed record DtlsWish(SdpFingerprint Fingerprint, Func<IceLogin> NewIceLogin);
