namespace Atm0s.Sip.Core.Messages;

/// <summary>The method of a request (RFC 3261 §7.1 and the extensions named).</summary>
public enum SipMethod : byte
{
    /// <summary>A method this library has no name for; its token is kept.</summary>
    Other,

    /// <summary>RFC 3261 §13.</summary>
    Invite,

    /// <summary>RFC 3261 §13.2.2.4.</summary>
    Ack,

    /// <summary>RFC 3261 §15.</summary>
    Bye,

    /// <summary>RFC 3261 §9.</summary>
    Cancel,

    /// <summary>RFC 3261 §10.</summary>
    Register,

    /// <summary>RFC 3261 §11.</summary>
    Options,

    /// <summary>RFC 6086.</summary>
    Info,

    /// <summary>RFC 3311.</summary>
    Update,

    /// <summary>RFC 3262.</summary>
    Prack,

    /// <summary>RFC 6665.</summary>
    Subscribe,

    /// <summary>RFC 6665.</summary>
    Notify,

    /// <summary>RFC 3515.</summary>
    Refer,

    /// <summary>RFC 3428.</summary>
    Message,

    /// <summary>RFC 3903.</summary>
    Publish,
}
