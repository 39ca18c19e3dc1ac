namespace Atm0s.Sip.Media.Stun;

/// <summary>Class of a message: the bits C1 and C0 of its type (RFC 8489 §5).</summary>
internal enum StunClass : ushort
{
    Request = 0x000,
    Indication = 0x010,
    Success = 0x100,
    Error = 0x110,
}
