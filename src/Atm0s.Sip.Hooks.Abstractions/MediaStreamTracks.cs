namespace Atm0s.Sip.Hooks;

/// <summary>What a media stream of one way carries.</summary>
public enum MediaStreamTracks
{
    /// <summary>What the phone says; of a room, what all say.</summary>
    Inbound,

    /// <summary>What the phone hears. Of calls only.</summary>
    Outbound,

    /// <summary>Both, each in messages of its own. Of calls only.</summary>
    Both,
}
