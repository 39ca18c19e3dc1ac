using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Rooms;

/// <summary>What was asked for is possible in embedded rooms alone, and the rooms are those of an <see cref="IRoomProvider"/>.</summary>
internal sealed class HostRoomsException(string message) : InvalidOperationException(message);
