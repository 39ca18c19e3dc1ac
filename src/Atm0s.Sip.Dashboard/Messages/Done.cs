namespace Atm0s.Sip.Dashboard.Messages;

/// <summary>What became of an order.</summary>
/// <param name="Result"><c>done</c>, <c>already_done</c> or <c>started</c>.</param>
/// <param name="CallId">The call that was made.</param>
internal sealed record Done(string Result, string? CallId = null);
