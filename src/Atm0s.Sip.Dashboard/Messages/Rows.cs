namespace Atm0s.Sip.Dashboard.Messages;

/// <summary>What changed in a table, or all of it.</summary>
/// <typeparam name="T">A row.</typeparam>
/// <param name="Total">Rows there are, those that are not shown included.</param>
/// <param name="Set">Rows that are new or changed.</param>
/// <param name="Gone">Keys of those that went.</param>
internal sealed record Rows<T>(int Total, IReadOnlyList<T> Set, IReadOnlyList<string> Gone);
