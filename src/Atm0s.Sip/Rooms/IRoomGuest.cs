using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Rooms;

/// <summary>Something in a room that is no member: a clip that plays, a recording. It goes when the room does.</summary>
internal interface IRoomGuest
{
    /// <summary>Its ears and its mouth.</summary>
    IPcmEndpoint Audio { get; }

    /// <summary>The room has closed. Called under the room's lock: must only post.</summary>
    void OnRoomClosed();
}
