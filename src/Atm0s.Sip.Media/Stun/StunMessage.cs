using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Atm0s.Sip.Media.Net;

namespace Atm0s.Sip.Media.Stun;

/// <summary>
/// A message of STUN, read where it lies (RFC 8489 §5, §14). Of attributes that come twice the first one counts; what stands behind
/// MESSAGE-INTEGRITY is not looked at, but for FINGERPRINT (§14.5).
/// </summary>
internal readonly ref struct StunMessage
{
    private const int None = 0; // no value stands at offset 0

    private readonly ReadOnlySpan<byte> _bytes;

    private StunMessage(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The class.</summary>
    public StunClass Class => (StunClass)(BinaryPrimitives.ReadUInt16BigEndian(_bytes) & 0x110);

    /// <summary>The method.</summary>
    public ushort Method
    {
        get
        {
            var type = BinaryPrimitives.ReadUInt16BigEndian(_bytes);
            return (ushort)((type & 0xF) | ((type & 0xE0) >> 1) | ((type & 0x3E00) >> 2));
        }
    }

    /// <summary>Twelve bytes that the response repeats.</summary>
    public ReadOnlySpan<byte> TransactionId => _bytes.Slice(8, StunFormat.TransactionLength);

    /// <summary>USERNAME; empty when there is none.</summary>
    public ReadOnlySpan<byte> Username => Value(UsernameAt);

    /// <summary>SOFTWARE; empty when there is none.</summary>
    public ReadOnlySpan<byte> Software => Value(SoftwareAt);

    /// <summary>Whether it bears MESSAGE-INTEGRITY.</summary>
    public bool HasIntegrity => IntegrityAt != None;

    /// <summary>Whether it bears FINGERPRINT, as its last attribute.</summary>
    public bool HasFingerprint => FingerprintAt != None;

    /// <summary>PRIORITY (RFC 8445 §7.1.1); null when there is none.</summary>
    public uint? Priority => Value(PriorityAt) is { Length: 4 } value ? BinaryPrimitives.ReadUInt32BigEndian(value) : null;

    /// <summary>Whether it nominates (USE-CANDIDATE, RFC 8445 §7.1.2).</summary>
    public bool UsesCandidate { get; private init; }

    /// <summary>Tie-breaker of ICE-CONTROLLED; null when there is none.</summary>
    public ulong? Controlled => Value(ControlledAt) is { Length: 8 } value ? BinaryPrimitives.ReadUInt64BigEndian(value) : null;

    /// <summary>Tie-breaker of ICE-CONTROLLING; null when there is none.</summary>
    public ulong? Controlling => Value(ControllingAt) is { Length: 8 } value ? BinaryPrimitives.ReadUInt64BigEndian(value) : null;

    /// <summary>Number of ERROR-CODE, 300 to 699; null when there is none.</summary>
    public int? ErrorCode => Value(ErrorAt) is { Length: >= 4 } value && value[2] is >= 3 and <= 6 && value[3] < 100
        ? (value[2] * 100) + value[3]
        : null;

    /// <summary>The first attribute that must be understood and is not (§14); 0 when there is none.</summary>
    public ushort Unknown { get; private init; }

    private int UsernameAt { get; init; }

    private int SoftwareAt { get; init; }

    private int IntegrityAt { get; init; }

    private int FingerprintAt { get; init; }

    private int PriorityAt { get; init; }

    private int ControlledAt { get; init; }

    private int ControllingAt { get; init; }

    private int ErrorAt { get; init; }

    private int MappedAt { get; init; }

    /// <summary>Reads a message.</summary>
    /// <param name="datagram">All of it.</param>
    /// <param name="message">The message.</param>
    /// <returns>False when it is no STUN, or malformed.</returns>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out StunMessage message)
    {
        message = default;
        // RFC 8489 §5: two zero bits, a multiple of four, the cookie.
        if (datagram.Length is < StunFormat.HeaderLength or > StunFormat.MaxLength
            || (datagram[0] & 0xC0) != 0
            || BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]) != datagram.Length - StunFormat.HeaderLength
            || datagram.Length % 4 != 0
            || BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]) != StunFormat.MagicCookie)
            return false;
        message = new StunMessage(datagram);
        for (var at = StunFormat.HeaderLength; at < datagram.Length;)
        {
            if (datagram.Length - at < StunFormat.AttributeHeader)
                return false;
            var type = (StunAttribute)BinaryPrimitives.ReadUInt16BigEndian(datagram[at..]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(datagram[(at + 2)..]);
            var value = at + StunFormat.AttributeHeader;
            if (length > datagram.Length - value)
                return false;
            message = message.With(type, value, length);
            at = value + ((length + 3) & ~3);
        }

        return true;
    }

    /// <summary>Whether FINGERPRINT is right (§14.7). False when there is none.</summary>
    public bool IsFingerprintRight() =>
        HasFingerprint
        && (Crc32.Of(_bytes[..(FingerprintAt - StunFormat.AttributeHeader)]) ^ StunFormat.FingerprintMask)
            == BinaryPrimitives.ReadUInt32BigEndian(Value(FingerprintAt));

    /// <summary>Whether MESSAGE-INTEGRITY is right for a key (§14.5), in time that does not tell how wrong it is.</summary>
    /// <param name="key">The password, of short-term credentials.</param>
    [SkipLocalsInit]
#pragma warning disable CA5350 // RFC 8489 §14.5 wants HMAC-SHA1; nothing known about SHA-1 weakens it as a MAC.
    public bool IsAuthentic(ReadOnlySpan<byte> key)
    {
        if (!HasIntegrity)
            return false;
        Span<byte> covered = stackalloc byte[StunFormat.MaxLength];
        var length = IntegrityAt - StunFormat.AttributeHeader;
        _bytes[..length].CopyTo(covered);
        // The length that counts ends with this attribute.
        BinaryPrimitives.WriteUInt16BigEndian(
            covered[2..], (ushort)(IntegrityAt + StunFormat.IntegrityLength - StunFormat.HeaderLength));
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(key, covered[..length], mac);
        return CryptographicOperations.FixedTimeEquals(mac, Value(IntegrityAt));
    }
#pragma warning restore CA5350

    /// <summary>The address in XOR-MAPPED-ADDRESS (§14.2); none when there is none, or it is malformed.</summary>
    public MediaAddress MappedAddress => StunAddress.Read(Value(MappedAt), TransactionId);

    private ReadOnlySpan<byte> Value(int at) =>
        at == None ? default : _bytes.Slice(at, BinaryPrimitives.ReadUInt16BigEndian(_bytes[(at - 2)..]));

    private StunMessage With(StunAttribute type, int at, int length)
    {
        if (type == StunAttribute.Fingerprint && length == 4 && at + 4 == _bytes.Length)
            return this with { FingerprintAt = at };
        if (HasIntegrity)
            return this;
        return type switch
        {
            StunAttribute.Username when UsernameAt == None => this with { UsernameAt = at },
            StunAttribute.Software when SoftwareAt == None => this with { SoftwareAt = at },
            StunAttribute.MessageIntegrity when length == StunFormat.IntegrityLength => this with { IntegrityAt = at },
            StunAttribute.Priority when PriorityAt == None => this with { PriorityAt = at },
            StunAttribute.UseCandidate => this with { UsesCandidate = true },
            StunAttribute.IceControlled when ControlledAt == None => this with { ControlledAt = at },
            StunAttribute.IceControlling when ControllingAt == None => this with { ControllingAt = at },
            StunAttribute.ErrorCode when ErrorAt == None => this with { ErrorAt = at },
            StunAttribute.XorMappedAddress when MappedAt == None => this with { MappedAt = at },
            _ when (ushort)type < StunFormat.FirstOptional && Unknown == 0 && !IsKnown(type) => this with { Unknown = (ushort)type },
            _ => this,
        };
    }

    // MAPPED-ADDRESS, REALM, NONCE and others of the RFC are understood in that they change nothing for us.
    private static bool IsKnown(StunAttribute type) =>
        (ushort)type is 0x0001 or 0x0006 or 0x0008 or 0x0009 or 0x000A or 0x0014 or 0x0015 or 0x001C or 0x001D or 0x001E or 0x0020
            or 0x0024 or 0x0025;
}
