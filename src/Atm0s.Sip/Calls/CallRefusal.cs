namespace Atm0s.Sip.Calls;

/// <summary>Why a call can't be made or taken.</summary>
/// <param name="Status">Status code that says it.</param>
/// <param name="Reason">For the log and the events.</param>
internal sealed record CallRefusal(int Status, string Reason);
