namespace Atm0s.Sip.Calls.Digits;

/// <summary>How a key came to us.</summary>
internal enum DigitPath : byte
{
    /// <summary>In RTP (RFC 4733).</summary>
    TelephoneEvent,

    /// <summary>In SIP INFO (RFC 2976).</summary>
    Info,
}
