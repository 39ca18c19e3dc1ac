namespace Atm0s.Sip.Core.Dialogs;

/// <summary>What to do with a provisional response to our INVITE (RFC 3262 §4).</summary>
internal enum ReliableVerdict : byte
{
    /// <summary>Not reliable: process it as RFC 3261 says.</summary>
    Unreliable,

    /// <summary>Reliable and in order: process it and send the PRACK.</summary>
    Acknowledge,

    /// <summary>A repetition, or out of order: drop it, without a PRACK.</summary>
    Drop,
}
