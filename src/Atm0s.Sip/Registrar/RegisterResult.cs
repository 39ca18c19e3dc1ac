namespace Atm0s.Sip.Registrar;

/// <summary>What became of a REGISTER in the store.</summary>
internal enum RegisterResult
{
    /// <summary>It is carried out.</summary>
    Done,

    /// <summary>It is older than what it would change (RFC 3261 §10.3 step 7).</summary>
    OutOfOrder,

    /// <summary>There is no room for another user.</summary>
    Full,
}
