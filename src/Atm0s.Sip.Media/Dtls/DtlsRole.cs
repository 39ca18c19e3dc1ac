namespace Atm0s.Sip.Media.Dtls;

/// <summary>Who begins the handshake, as <c>a=setup</c> agreed on (RFC 4145 §4, RFC 5763 §5).</summary>
public enum DtlsRole
{
    /// <summary>We wait for the peer's ClientHello: our description says <c>passive</c>.</summary>
    Server,

    /// <summary>We send a ClientHello: our description says <c>active</c>.</summary>
    Client,
}
