namespace Atm0s.Sip;

/// <summary>How far what a bot has said has come.</summary>
/// <param name="Heard">How much of all that it ever said the room has heard.</param>
/// <param name="Dropped">How much was waiting, and will not be heard.</param>
public readonly record struct BotPlayback(TimeSpan Heard, TimeSpan Dropped);
