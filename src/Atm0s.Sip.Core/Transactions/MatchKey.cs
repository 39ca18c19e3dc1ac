using System.Runtime.InteropServices;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>
/// The canonical bytes by which a message is matched (transactions, dialogs, merged requests), with their hash. Built by
/// <see cref="MatchKeyBuilder"/>; never longer than <see cref="MatchKeyBuilder.MaxLength"/>, however long the header fields were.
/// </summary>
internal readonly struct MatchKey : IEquatable<MatchKey>
{
    private readonly byte[]? _bytes;
    private readonly int _hash;

    internal MatchKey(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes.ToArray();
        _hash = Hash(bytes);
    }

    internal bool IsEmpty => _bytes is null;

    internal ReadOnlySpan<byte> Bytes => _bytes;

    public bool Equals(MatchKey other) =>
        ReferenceEquals(_bytes, other._bytes) || (_hash == other._hash && Bytes.SequenceEqual(other.Bytes));

    public override bool Equals(object? obj) => obj is MatchKey other && Equals(other);

    public override int GetHashCode() => _hash;

    // The bytes come from strangers: string's hash is the one in the framework that is keyed per process against chosen collisions.
    internal static int Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = string.GetHashCode(MemoryMarshal.Cast<byte, char>(bytes));
        return (bytes.Length & 1) == 0 ? hash : (hash * 31) + bytes[^1];
    }
}
