using Atm0s.Sip.Hooks;

namespace SfuRooms;

/// <summary>Whoever is in a room.</summary>
internal interface ISfuMember
{
    /// <summary>Its name; nobody else has it in the room.</summary>
    string Name { get; }

    /// <summary>Whether it speaks and listens already.</summary>
    bool IsConnected { get; }

    /// <summary>Others came, left or connected. Under the lock of the rooms.</summary>
    void OthersChanged(IReadOnlyList<ISfuMember> others);

    /// <summary>Another says something. On a media thread, as often as not: must not block.</summary>
    void Hear(string speaker, in OpusFrame frame);
}
