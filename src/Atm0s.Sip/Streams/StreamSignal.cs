namespace Atm0s.Sip.Streams;

/// <summary>What is sent between audio: a mark that was reached, or a key.</summary>
/// <param name="Mark">Name of the mark; null for a key.</param>
/// <param name="Key">The key.</param>
internal readonly record struct StreamSignal(string? Mark, char Key);
