namespace Atm0s.Sip.Control.Messages;

/// <summary>The watcher was too slow.</summary>
/// <param name="Count">Events that were dropped.</param>
public sealed record MissedMessage(long Count);
