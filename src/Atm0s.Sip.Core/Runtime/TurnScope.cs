namespace Atm0s.Sip.Core.Runtime;

/// <summary>
/// An open <see cref="ShardTurn"/>. A turn belongs to a thread, so the compiler keeps it from being open across an await.
/// </summary>
internal readonly ref struct TurnScope(ShardTurn turn)
{
    /// <inheritdoc cref="ShardTurn.Ran"/>
    public int Ran => turn.Ran;

    /// <inheritdoc cref="ShardTurn.HandOver"/>
    public void HandOver() => turn.HandOver();

    /// <summary>Ends the turn: shards run, what was collected is sent.</summary>
    public void Dispose() => turn.End();
}
