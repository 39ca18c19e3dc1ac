namespace Atm0s.Sip.Core.Authentication;

/// <summary>Hash of a digest (RFC 8760 §2.1).</summary>
public enum DigestAlgorithm : byte
{
    /// <summary>MD5: what every phone can do.</summary>
    Md5,

    /// <summary>SHA-256.</summary>
    Sha256,
}
