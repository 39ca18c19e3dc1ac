namespace Atm0s.Sip.Dashboard.Messages;

/// <summary>One second of the server as a whole.</summary>
/// <param name="At">Its end; Unix time in seconds.</param>
/// <param name="Calls">Calls that exist.</param>
/// <param name="Talking">Of those, the answered ones; null when nobody looked.</param>
/// <param name="Begun">Calls that began in it.</param>
/// <param name="Failed">Calls that failed in it.</param>
/// <param name="Phones">Phones that are registered.</param>
/// <param name="Rooms">Rooms that have members.</param>
/// <param name="Refused">Requests and packets that were refused or dropped in it.</param>
/// <param name="LateTicks">Media ticks that came late in it.</param>
/// <param name="Mos">Mean opinion score over all calls; null when nobody looked, or none can be told.</param>
internal sealed record Second(
    long At, int Calls, int? Talking, int Begun, int Failed, int Phones, int Rooms, long Refused, long LateTicks, double? Mos);
