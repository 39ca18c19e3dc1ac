namespace Atm0s.Sip.Dashboard.Messages;

/// <summary>Something that was refused, dropped or came late, counted since the start of the program.</summary>
/// <param name="Key">Name of the counter and its case, for example <c>atm0s.sip.limits/register rate</c>.</param>
/// <param name="Counter">Name of the counter.</param>
/// <param name="Case">Which case of it; null when it has none.</param>
/// <param name="About">What is counted.</param>
/// <param name="Count">How often.</param>
/// <param name="Rate">How often a second, over the last ten seconds.</param>
internal sealed record RefusalRow(string Key, string Counter, string? Case, string About, long Count, double Rate);
