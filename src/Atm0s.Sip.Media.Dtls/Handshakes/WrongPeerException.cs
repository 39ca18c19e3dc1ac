using Org.BouncyCastle.Tls;

namespace Atm0s.Sip.Media.Dtls.Handshakes;

/// <summary>Ends a handshake with somebody whose certificate the description did not name.</summary>
internal sealed class WrongPeerException() : TlsFatalAlert(Org.BouncyCastle.Tls.AlertDescription.bad_certificate);
