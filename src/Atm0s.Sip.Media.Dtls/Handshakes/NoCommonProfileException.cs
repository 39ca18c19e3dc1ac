using Org.BouncyCastle.Tls;

namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>Ends a handshake in which no protection profile is in common.</summary>
internal sealed class NoCommonProfileException() : TlsFatalAlert(Org.BouncyCastle.Tls.AlertDescription.handshake_failure);
