namespace Atm0s.Sip.Media.Clock;

/// <summary>What a media thread does at one moment.</summary>
/// <param name="Ticks">Room ticks that it has begun. While it has rooms this grows by 50 a second for each of them.</param>
/// <param name="Rooms">Rooms that it ticks; none is no work, and no ticks.</param>
/// <param name="IsTicking">Whether a room's tick runs.</param>
public readonly record struct MediaThreadState(long Ticks, int Rooms, bool IsTicking);
