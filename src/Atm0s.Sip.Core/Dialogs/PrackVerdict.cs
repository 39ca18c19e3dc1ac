namespace Atm0s.Sip.Core.Dialogs;

/// <summary>What to answer to a PRACK (RFC 3262 §3).</summary>
internal enum PrackVerdict : byte
{
    /// <summary>200: it acknowledges the outstanding response.</summary>
    Ok,

    /// <summary>481: it matches no unacknowledged response.</summary>
    NoMatch,

    /// <summary>400: RAck is missing or cannot be read.</summary>
    Malformed,
}
