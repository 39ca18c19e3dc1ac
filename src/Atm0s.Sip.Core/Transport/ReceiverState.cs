namespace Atm0s.Sip.Core.Transport;

/// <summary>What one receiver of a listener does at one moment.</summary>
/// <param name="IsAlive">Whether it still receives.</param>
/// <param name="Turns">Grows whenever it begins or ends to work on what has come.</param>
/// <param name="IsInTurn">Whether it is at work now.</param>
public readonly record struct ReceiverState(bool IsAlive, long Turns, bool IsInTurn);
