namespace Atm0s.Sip.Core.Sdp.Security;

/// <summary>A suite of SRTP, as descriptions see it.</summary>
/// <param name="Name">Its name (RFC 4568 §6.2, RFC 7714 §14.1).</param>
/// <param name="KeyAndSaltLength">Bytes of master key and master salt together.</param>
internal readonly record struct CryptoSuite(string Name, int KeyAndSaltLength);
