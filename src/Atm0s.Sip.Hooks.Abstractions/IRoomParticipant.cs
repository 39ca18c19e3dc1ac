namespace Atm0s.Sip.Hooks;

/// <summary>A call as the host's room sees it. All members may be used from any thread.</summary>
public interface IRoomParticipant
{
    /// <summary>Name of the room.</summary>
    string RoomId { get; }

    /// <summary>Name of the participant (<see cref="ParticipantOptions.Id"/>).</summary>
    string Id { get; }

    /// <summary>The call.</summary>
    CallInfo Call { get; }

    /// <summary>Says who else is in the room. A waiting call is answered when others are connected; a call that ends with the others ends
    /// when all have left.
    /// Say it when the participant comes, and whenever it changes.</summary>
    /// <param name="others">Other participants, connecting ones included; 0 or more.</param>
    /// <param name="connected">Those of them that are connected; 0 to <paramref name="others"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number below zero, or more connected than there are.</exception>
    void OthersChanged(int others, int connected);

    /// <summary>Puts the call out of the room: it ends. Safe to repeat.</summary>
    void Remove();
}
