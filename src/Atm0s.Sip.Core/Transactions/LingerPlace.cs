namespace Atm0s.Sip.Core.Transactions;

/// <summary>Where a record of a <see cref="LingerQueue"/> is.</summary>
/// <param name="Block">Its block.</param>
/// <param name="Offset">Its beginning there.</param>
internal readonly record struct LingerPlace(byte[] Block, int Offset);
