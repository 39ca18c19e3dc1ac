using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>
/// Builds the canonical bytes of a <see cref="MatchKey"/> in a buffer of the caller. Every part is preceded by its length, so no choice of
/// parts can look like another.
/// </summary>
internal ref struct MatchKeyBuilder
{
    /// <summary>Bytes that suffice for most keys; longer ones are built in a rented buffer.</summary>
    internal const int UsualLength = 160;

    private readonly MatchKeyKind _kind;
    private byte[]? _rented;
    private Span<byte> _buffer;
    private int _length;

    /// <param name="kind">What the key is for; keys of different kinds never meet.</param>
    /// <param name="initial">A buffer, usually of <see cref="UsualLength"/> bytes on the stack.</param>
    internal MatchKeyBuilder(MatchKeyKind kind, Span<byte> initial)
    {
        _kind = kind;
        _buffer = initial;
        _buffer[0] = (byte)kind;
        _length = 1;
    }

    /// <summary>A part that is compared byte by byte.</summary>
    internal void Append(scoped ReadOnlySpan<byte> part)
    {
        var target = Reserve(part.Length);
        part.CopyTo(target);
    }

    /// <summary>RFC 3261 §7.3.1: tokens (branch, tag, host) are compared without regard to case.</summary>
    internal void AppendToken(scoped ReadOnlySpan<byte> part)
    {
        var target = Reserve(part.Length);
        Ascii.ToLower(part, target, out var written);
        // Bytes over 0x7F end the conversion; they have no case.
        for (var i = written; i < part.Length; i++)
            target[i] = part[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(part[i] | 0x20) : part[i];
    }

    internal void Append(uint number)
    {
        Grow(sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer[_length..], number);
        _length += sizeof(uint);
    }

    /// <summary>What was written; valid until <see cref="Dispose"/>.</summary>
    internal readonly ReadOnlySpan<byte> Bytes => _buffer[.._length];

    /// <summary>The key. Gives the buffer back.</summary>
    internal MatchKey Finish()
    {
        var key = MatchKey.Of(_kind, Bytes);
        Dispose();
        return key;
    }

    internal void Dispose()
    {
        if (_rented is { } rented)
            ArrayPool<byte>.Shared.Return(rented);
        _rented = null;
    }

    private Span<byte> Reserve(int length)
    {
        Append((uint)length);
        Grow(length);
        var target = _buffer.Slice(_length, length);
        _length += length;
        return target;
    }

    private void Grow(int more)
    {
        if (_buffer.Length - _length >= more)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + more));
        _buffer[.._length].CopyTo(larger);
        Dispose();
        _rented = larger;
        _buffer = larger;
    }
}
