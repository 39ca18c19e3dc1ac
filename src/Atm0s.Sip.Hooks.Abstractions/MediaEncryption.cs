namespace Atm0s.Sip.Hooks;

/// <summary>Whether the audio of calls is encrypted (SRTP, RFC 3711).</summary>
public enum MediaEncryption
{
    /// <summary>It is not: who wants it encrypted is refused, who would like it speaks in the clear.</summary>
    Off,

    /// <summary>It is where the other side can, else it goes in the clear. A call that is encrypted once stays so.</summary>
    Prefer,

    /// <summary>It is, or there is no call: 488 with a Warning for who calls, <see cref="CallEndCause.EncryptionFailed"/> for who is
    /// called.</summary>
    Require,
}
