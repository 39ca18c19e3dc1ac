using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Atm0s.Sip.Core.Transactions;

/// <summary>
/// Builds the bytes of a <see cref="MatchKey"/> in a buffer of the caller. Every part is preceded by its length, so no choice of
/// parts can look like another; a key over <see cref="MaxLength"/> is replaced by its SHA-256, so no peer can make a key costly to keep.
/// </summary>
internal ref struct MatchKeyBuilder
{
    internal const int MaxLength = 160;

    private readonly Span<byte> _initial;
    private byte[]? _rented;
    private Span<byte> _buffer;
    private int _length;

    /// <param name="kind">What the key is for; keys of different kinds never meet.</param>
    /// <param name="initial">At least <see cref="MaxLength"/> bytes, usually on the stack.</param>
    internal MatchKeyBuilder(MatchKeyKind kind, Span<byte> initial)
    {
        _initial = initial;
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

    /// <summary>The key's bytes; valid until <see cref="Dispose"/>.</summary>
    internal ReadOnlySpan<byte> Finish()
    {
        if (_length <= MaxLength)
            return _buffer[.._length];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_buffer[.._length], digest);
        // The top bit of the kind separates digests from plain keys.
        _initial[0] = (byte)(_buffer[0] | 0x80);
        digest.CopyTo(_initial[1..]);
        return _initial[..(1 + digest.Length)];
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
