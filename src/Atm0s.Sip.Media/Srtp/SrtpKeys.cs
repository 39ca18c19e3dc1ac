namespace Atm0s.Sip.Media.Srtp;

/// <summary>The keys of a secure stream: each side has its own (RFC 4568 §6.1, RFC 5764 §4.2).</summary>
/// <param name="Send">Ours.</param>
/// <param name="Receive">The peer's.</param>
public sealed record SrtpKeys(SrtpKey Send, SrtpKey Receive);
