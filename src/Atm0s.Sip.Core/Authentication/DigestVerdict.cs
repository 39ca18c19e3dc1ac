namespace Atm0s.Sip.Core.Authentication;

/// <summary>Outcome of checking credentials.</summary>
public enum DigestVerdict : byte
{
    /// <summary>They are right.</summary>
    Accepted,

    /// <summary>They are wrong, or there is no such user: nobody can tell which.</summary>
    Rejected,

    /// <summary>They are right, but the nonce is too old: challenge again with stale=true, and the phone tries again by itself.</summary>
    Stale,

    /// <summary>They are right, but were used before.</summary>
    Replayed,

    /// <summary>The nonce is not one of ours: challenge.</summary>
    ForeignNonce,
}
