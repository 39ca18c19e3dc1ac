namespace Atm0s.Sip.Core.Sdp.Security;

/// <summary>What offer and answer say of ICE (RFC 8839): we are lite, and wait for the checks of the other side.</summary>
/// <param name="Ours">Our login.</param>
/// <param name="Theirs">The other side's.</param>
/// <param name="Candidates">Addresses that the other side names; often none.</param>
/// <param name="IsPeerLite">Whether the other side is lite too.</param>
internal sealed record AgreedIce(IceLogin Ours, IceLogin Theirs, IReadOnlyList<SdpCandidate> Candidates, bool IsPeerLite);
