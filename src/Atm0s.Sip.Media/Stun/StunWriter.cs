using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.Media.Stun;

/// <summary>
/// Writes a message of STUN attribute by attribute (RFC 8489 §5). What does not fit throws: the caller knows what it writes.
/// </summary>
internal ref struct StunWriter
{
    private readonly Span<byte> _buffer;
    private int _length;

    /// <summary>Begins a message.</summary>
    /// <param name="buffer">Receives it.</param>
    /// <param name="messageClass">Its class; the method is Binding.</param>
    /// <param name="transaction">Twelve bytes.</param>
    public StunWriter(Span<byte> buffer, StunClass messageClass, scoped ReadOnlySpan<byte> transaction)
    {
        _buffer = buffer;
        _length = StunFormat.HeaderLength;
        BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)((ushort)messageClass | StunFormat.Binding));
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], StunFormat.MagicCookie);
        transaction.CopyTo(buffer[8..]);
        EndAt(_length);
    }

    /// <summary>Bytes so far: after <see cref="WriteFingerprint"/> those of the message.</summary>
    public readonly int Length => _length;

    private readonly ReadOnlySpan<byte> Transaction => _buffer.Slice(8, StunFormat.TransactionLength);

    /// <summary>Writes any attribute.</summary>
    public void Write(StunAttribute type, scoped ReadOnlySpan<byte> value)
    {
        var at = Begin(type, value.Length);
        value.CopyTo(at);
    }

    /// <summary>Writes a number of 32 bits.</summary>
    public void Write(StunAttribute type, uint value) => BinaryPrimitives.WriteUInt32BigEndian(Begin(type, 4), value);

    /// <summary>Writes a number of 64 bits.</summary>
    public void Write(StunAttribute type, ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Begin(type, 8), value);

    /// <summary>Writes XOR-MAPPED-ADDRESS (§14.2).</summary>
    public void WriteAddress(MediaAddress address)
    {
        Span<byte> value = stackalloc byte[StunAddress.MaxLength];
        Write(StunAttribute.XorMappedAddress, value[..StunAddress.Write(address, Transaction, value)]);
    }

    /// <summary>Writes ERROR-CODE (§14.8).</summary>
    /// <param name="code">300 to 699.</param>
    /// <param name="phrase">ASCII, at most 60 characters.</param>
    public void WriteError(int code, string phrase)
    {
        Span<byte> value = stackalloc byte[64];
        value[..4].Clear();
        value[2] = (byte)(code / 100);
        value[3] = (byte)(code % 100);
        Write(StunAttribute.ErrorCode, value[..(4 + Encoding.ASCII.GetBytes(phrase, value[4..]))]);
    }

    /// <summary>Writes UNKNOWN-ATTRIBUTES with one of them (§14.9).</summary>
    public void WriteUnknown(ushort type) => BinaryPrimitives.WriteUInt16BigEndian(Begin(StunAttribute.UnknownAttributes, 2), type);

    /// <summary>Writes MESSAGE-INTEGRITY over what stands before (§14.5).</summary>
    /// <param name="key">The password, of short-term credentials.</param>
#pragma warning disable CA5350 // RFC 8489 §14.5 wants HMAC-SHA1; nothing known about SHA-1 weakens it as a MAC.
    public void WriteIntegrity(scoped ReadOnlySpan<byte> key)
    {
        var covered = _length;
        var value = Begin(StunAttribute.MessageIntegrity, StunFormat.IntegrityLength);
        HMACSHA1.HashData(key, _buffer[..covered], value);
    }
#pragma warning restore CA5350

    /// <summary>Writes FINGERPRINT, with which a message ends (§14.7).</summary>
    public void WriteFingerprint()
    {
        var covered = _length;
        var value = Begin(StunAttribute.Fingerprint, 4);
        BinaryPrimitives.WriteUInt32BigEndian(value, Crc32.Of(_buffer[..covered]) ^ StunFormat.FingerprintMask);
    }

    private Span<byte> Begin(StunAttribute type, int length)
    {
        var at = _buffer.Slice(_length, StunFormat.AttributeHeader + ((length + 3) & ~3));
        BinaryPrimitives.WriteUInt16BigEndian(at, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(at[2..], (ushort)length);
        at = at[StunFormat.AttributeHeader..];
        at[length..].Clear();
        EndAt(_length + StunFormat.AttributeHeader + at.Length);
        return at[..length];
    }

    private void EndAt(int length)
    {
        _length = length;
        BinaryPrimitives.WriteUInt16BigEndian(_buffer[2..], (ushort)(length - StunFormat.HeaderLength));
    }
}
