namespace Atm0s.Sip.Media.Stun;

/// <summary>Numbers of the wire format (RFC 8489 §5, §14).</summary>
internal static class StunFormat
{
    /// <summary>Bytes of a header.</summary>
    public const int HeaderLength = 20;

    /// <summary>Bytes before the value of an attribute.</summary>
    public const int AttributeHeader = 4;

    /// <summary>What stands in bytes 4 to 7.</summary>
    public const uint MagicCookie = 0x2112A442;

    /// <summary>The one method of ICE.</summary>
    public const ushort Binding = 0x001;

    /// <summary>Bytes of a transaction id.</summary>
    public const int TransactionLength = 12;

    /// <summary>Bytes of HMAC-SHA1.</summary>
    public const int IntegrityLength = 20;

    /// <summary>What the checksum is XORed with (§14.7).</summary>
    public const uint FingerprintMask = 0x5354554E;

    /// <summary>The longest message that is looked at: a check has some 100 bytes.</summary>
    public const int MaxLength = 1500;

    /// <summary>Attributes below must be understood (§14).</summary>
    public const ushort FirstOptional = 0x8000;

    /// <summary>Whether a datagram is STUN, by its first byte (RFC 7983 §7).</summary>
    public static bool IsStun(byte first) => first <= 3;
}
