namespace Atm0s.Sip.Core.Transactions;

/// <summary>Lets a dictionary of <see cref="MatchKey"/> be searched by bytes on the stack, so that a lookup allocates nothing.</summary>
internal sealed class MatchKeyComparer : IEqualityComparer<MatchKey>, IAlternateEqualityComparer<ReadOnlySpan<byte>, MatchKey>
{
    internal static MatchKeyComparer Instance { get; } = new();

    public bool Equals(MatchKey x, MatchKey y) => x.Equals(y);

    public int GetHashCode(MatchKey obj) => obj.GetHashCode();

    public MatchKey Create(ReadOnlySpan<byte> alternate) => new(alternate);

    public bool Equals(ReadOnlySpan<byte> alternate, MatchKey other) => alternate.SequenceEqual(other.Bytes);

    public int GetHashCode(ReadOnlySpan<byte> alternate) => MatchKey.Hash(alternate);
}
