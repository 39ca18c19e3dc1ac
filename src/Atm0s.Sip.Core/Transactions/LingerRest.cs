namespace Atm0s.Sip.Core.Transactions;

/// <summary>What a server transaction leaves that has nothing to do any more but to know its repetitions.</summary>
/// <param name="Kind">How far it is.</param>
/// <param name="Wait">How long it lingers, from now on.</param>
/// <param name="Response">The response that a repetition gets; empty when it gets none.</param>
internal readonly record struct LingerRest(LingerKind Kind, TimeSpan Wait, ReadOnlyMemory<byte> Response);
