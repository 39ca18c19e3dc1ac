using Atm0s.Sip.Calls;
using Atm0s.Sip.Media.Mixing;

namespace Atm0s.Sip.Rooms;

/// <summary>The place of one call in a room, be it an embedded one or one of the host.</summary>
internal interface IRoomPlace
{
    /// <summary>Name of the room.</summary>
    string RoomId { get; }

    /// <summary>Where the call's audio goes.</summary>
    MixRoom Mix { get; }

    /// <summary>The call is answered.</summary>
    void SetConnected();

    /// <summary>The phone has pressed a key: the others get it, where keys go on.</summary>
    /// <param name="digit">The key.</param>
    /// <param name="duration">How long it was pressed.</param>
    /// <param name="isHeardAsTone">Whether it is in the audio too: then programs alone get it, which take no tone for a key.</param>
    void RelayDigit(char digit, TimeSpan duration, bool isHeardAsTone)
    {
    }

    /// <summary>The call leaves. Once.</summary>
    /// <param name="why">What the others are told: how the call ended, as far as they are concerned.</param>
    void Leave(CallEnd why);
}
