namespace Atm0s.Sip.Core.Transactions;

/// <summary>What is left of an answered transaction. Good until anything is added or removed.</summary>
internal readonly ref struct LingeringTransaction(LingerKind kind, ushort requestLength, ReadOnlySpan<byte> bytes)
{
    /// <summary>How far it is.</summary>
    public LingerKind Kind { get; } = kind;

    /// <summary>Length of its request; 0 where it is not asked for.</summary>
    public ushort RequestLength { get; } = requestLength;

    /// <summary>The response that a repetition gets; empty when it gets none.</summary>
    public ReadOnlySpan<byte> Response => Kind is LingerKind.Answered or LingerKind.Refused ? Bytes : default;

    /// <summary>
    /// The To tag of its response (RFC 3261 §9.2: a CANCEL is answered with the same one); empty when it has none of ours.
    /// </summary>
    public ReadOnlySpan<byte> LocalTag => Kind is LingerKind.Answered or LingerKind.Refused ? ResponseTag.Read(Bytes) : Bytes;

    private ReadOnlySpan<byte> Bytes { get; } = bytes;
}
