namespace Atm0s.Sip.Core.Sdp.Security;

/// <summary>Whether the audio of a session is to be protected.</summary>
internal enum SecurityPolicy : byte
{
    /// <summary>It is not: secure profiles are refused, keys left aside.</summary>
    Off,

    /// <summary>It is, where the other side can.</summary>
    Prefer,

    /// <summary>It is, or there is no session.</summary>
    Require,
}
