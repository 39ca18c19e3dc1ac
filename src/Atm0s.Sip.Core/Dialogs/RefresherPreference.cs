namespace Atm0s.Sip.Core.Dialogs;

/// <summary>Who should refresh a session when it is for us to choose (RFC 4028 §7.1, §9 table 2).</summary>
internal enum RefresherPreference : byte
{
    /// <summary>As UAC the peer chooses, as UAS we do it.</summary>
    Open,

    /// <summary>We.</summary>
    Us,

    /// <summary>The peer, when it can.</summary>
    Peer,
}
