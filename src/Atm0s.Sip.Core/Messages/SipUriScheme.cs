namespace Atm0s.Sip.Core.Messages;

/// <summary>Scheme of a URI.</summary>
public enum SipUriScheme : byte
{
    /// <summary>Any other.</summary>
    Other,

    /// <summary><c>sip</c> (RFC 3261 §19.1).</summary>
    Sip,

    /// <summary><c>sips</c> (RFC 3261 §19.1).</summary>
    Sips,

    /// <summary><c>tel</c> (RFC 3966).</summary>
    Tel,
}
