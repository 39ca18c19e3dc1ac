namespace Atm0s.Sip.Core.Sdp.Security;

/// <summary>Who begins a connection (RFC 4145 §4).</summary>
internal enum SdpSetup : byte
{
    /// <summary>Nothing is said.</summary>
    None,

    /// <summary>The author begins.</summary>
    Active,

    /// <summary>The author waits.</summary>
    Passive,

    /// <summary>The other side decides.</summary>
    ActPass,

    /// <summary>Nobody begins for now, or a word that is none.</summary>
    HoldConn,
}
