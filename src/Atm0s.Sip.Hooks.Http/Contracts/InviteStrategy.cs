using System.Text.Json.Serialization;

namespace Atm0s.Sip.Hooks.Http.Contracts;

/// <summary>What becomes of a call. On the wire the name in exactly this case.</summary>
[JsonConverter(typeof(InviteStrategyConverter))]
public enum InviteStrategy
{
    /// <summary>A name that is none of the others. Only read, never written.</summary>
    Unknown,

    /// <summary>Refuse the call.</summary>
    Reject,

    /// <summary>Answer at once and join the room.</summary>
    Accept,

    /// <summary>Ring, and answer when somebody else is in the room.</summary>
    WaitOtherPeers,
}
