using Atm0s.Sip.Core.Cryptography;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>
/// What a message is matched by (transactions, dialogs, merged requests): a keyed hash of 127 bits over its canonical bytes, however long
/// the header fields were. The key is this process's, so nobody can make two messages meet, or many fall into one place of a table. Built
/// by <see cref="MatchKeyBuilder"/>.
/// </summary>
/// <param name="Low">The low half; its lowest bit says <see cref="IsRfc2543"/>.</param>
/// <param name="High">The high half.</param>
internal readonly record struct MatchKey(ulong Low, ulong High)
{
    /// <summary>Bytes of a key.</summary>
    internal const int Size = 16;

    private static readonly SipHashKey Key = SipHashKey.NewRandom();

    /// <summary>Whether this is the default value, which matches nothing.</summary>
    internal bool IsEmpty => (Low | High) == 0;

    /// <summary>Whether it is of a request of an RFC 2543 element.</summary>
    internal bool IsRfc2543 => (Low & 1) != 0;

    /// <summary>The key of canonical bytes.</summary>
    internal static MatchKey Of(MatchKeyKind kind, ReadOnlySpan<byte> bytes)
    {
        var hash = SipHash.Hash128(Key, bytes);
        var low = (ulong)hash & ~1UL;
        return new MatchKey(kind == MatchKeyKind.Rfc2543Server ? low | 1 : low, (ulong)(hash >> 64));
    }

    /// <inheritdoc/>
    public override int GetHashCode() => (int)(Low >> 32);
}
