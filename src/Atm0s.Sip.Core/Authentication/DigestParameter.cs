namespace Atm0s.Sip.Core.Authentication;

/// <summary>The parameters of challenges and credentials that mean something to us (RFC 7616 §3.3, §3.4).</summary>
internal enum DigestParameter : byte
{
    Other,
    Username,
    Realm,
    Nonce,
    Uri,
    Response,
    Algorithm,
    Qop,
    NonceCount,
    Cnonce,
    Opaque,
    Stale,
}
