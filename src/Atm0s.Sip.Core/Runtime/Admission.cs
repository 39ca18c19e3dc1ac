namespace Atm0s.Sip.Core.Runtime;

/// <summary>What becomes of a request before anything is done for it.</summary>
internal enum Admission : byte
{
    /// <summary>It is worked on.</summary>
    Pass,

    /// <summary>It is worked on, and its source is known: under overload it comes before strangers.</summary>
    PassKnown,

    /// <summary>It is dropped without a word.</summary>
    Drop,

    /// <summary>It is answered 503 with Retry-After.</summary>
    Refuse,
}
