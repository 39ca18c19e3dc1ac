namespace Atm0s.Sip.Core.Requests;

/// <summary>Source of everything in SIP that must be unique or unpredictable. Injected, so that tests can foresee it.</summary>
public interface ISipIdGenerator
{
    /// <summary>A From or To tag: unique, at least 32 bits of cryptographic randomness (RFC 3261 §19.3). Lower-case token.</summary>
    string NewTag();

    /// <summary>A Via branch that begins with the magic cookie z9hG4bK (RFC 3261 §8.1.1.7). Token.</summary>
    string NewBranch();

    /// <summary>A Call-ID (RFC 3261 §8.1.1.4), without '@'.</summary>
    string NewCallId();

    /// <summary>An initial CSeq number, 1 to 2^31 - 1 (RFC 3261 §8.1.1.5).</summary>
    uint NewCSeq();

    /// <summary>A random number for back-off (Retry-After, 491).</summary>
    /// <param name="exclusiveMaximum">More than 0.</param>
    /// <returns>0 to <paramref name="exclusiveMaximum"/> - 1.</returns>
    int Next(int exclusiveMaximum);
}
