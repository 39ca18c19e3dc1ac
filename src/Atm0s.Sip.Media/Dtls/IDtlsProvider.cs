namespace Atm0s.Sip.Media.Dtls;

/// <summary>
/// Where the keys of DTLS-SRTP come from (RFC 5764): the package Atm0s.Sip.Media.Dtls has one. All members may be used from any thread.
/// </summary>
public interface IDtlsProvider
{
    /// <summary>
    /// The certificate of calls that begin now. A call keeps the one that its description has shown, also when this is another by then.
    /// </summary>
    IDtlsIdentity Identity { get; }
}
