namespace Atm0s.Sip.Core.Runtime;

/// <summary>
/// What one receiving thread does between two waits: it takes in what has come, then runs the shards that this woke, here and now,
/// instead of a thread of the pool. One object per thread; nobody else touches it.
/// </summary>
/// <remarks>
/// A shard that is woken while the turn is open is run at its end, by whoever has taken the right to run it
/// (<see cref="SipShard.TryTake"/>): that stays the only lock. What is sent meanwhile may be collected and goes out before the shards are
/// let go, so that no other thread can run one of them and overtake it.
/// </remarks>
internal sealed class ShardTurn
{
    /// <summary>Pieces of work that a turn does at most; what waits longer is the pool's, and the thread reads its socket again.</summary>
    public const int Budget = 512;

    [ThreadStatic]
    private static ShardTurn? _ofThread;

    private readonly List<SipShard> _woken = [];
    private readonly List<ITurnOutput> _outputs = [];
    private int _depth;
    private bool _isHandedOver;

    private ShardTurn()
    {
    }

    /// <summary>The turn that is open on this thread, or null.</summary>
    public static ShardTurn? Current => _ofThread is { _depth: > 0 } turn ? turn : null;

    /// <summary>Who opened it.</summary>
    public object? Owner { get; private set; }

    /// <summary>Pieces of work that its shards have done here so far, or in the last turn.</summary>
    public int Ran { get; private set; }

    /// <summary>
    /// Opens a turn on this thread: <c>using var turn = ShardTurn.Begin();</c>, then give to the sink what has come. Inside an open turn
    /// it changes nothing.
    /// </summary>
    /// <param name="owner">Found again as <see cref="Owner"/>.</param>
    public static TurnScope Begin(object? owner = null)
    {
        var turn = _ofThread ??= new ShardTurn();
        if (turn._depth++ == 0)
        {
            turn.Owner = owner;
            turn._isHandedOver = false;
            turn.Ran = 0;
        }

        return new TurnScope(turn);
    }

    /// <summary>
    /// The shards woken in this turn are the pool's: more waits to be read than a turn takes in, and other processors are free to run
    /// shards meanwhile.
    /// </summary>
    public void HandOver() => _isHandedOver = true;

    /// <summary>Has something sent at the end of the turn.</summary>
    public void FlushAtEnd(ITurnOutput output) => _outputs.Add(output);

    /// <summary>Takes a shard whose right to be run the caller has taken.</summary>
    public void Add(SipShard shard) => _woken.Add(shard);

    internal void End()
    {
        // Open until all is done: what the shards wake belongs to the turn too.
        if (_depth > 1)
        {
            _depth--;
            return;
        }

        var left = _isHandedOver ? 0 : Budget;
        try
        {
            do
            {
                var ran = RunWoken(ref left);
                Flush();
                LetGo(ran, left);
            }
            while (_woken.Count > 0);
        }
        finally
        {
            // Something is left only after an exception of an output: it must cost no shard.
            foreach (var shard in _woken)
                shard.RunOnPool();
            _woken.Clear();
            _outputs.Clear();
            _depth = 0;
            Owner = null;
        }
    }

    // Also runs what the ones that run wake. Those beyond the budget stay in the list behind those that ran.
    private int RunWoken(ref int left)
    {
        var ran = 0;
        for (; ran < _woken.Count && left > 0; ran++)
        {
            var pieces = _woken[ran].Run(left);
            Ran += pieces;
            left -= 1 + pieces;
        }

        return ran;
    }

    private void Flush()
    {
        // By index: what is flushed may have something to send.
        for (var i = 0; i < _outputs.Count; i++)
            _outputs[i].Flush();
        _outputs.Clear();
    }

    // One that has more to do by now stays for another round, as long as something is left of the budget; else the pool goes on with it.
    private void LetGo(int ran, int left)
    {
        var kept = 0;
        var count = _woken.Count;
        for (var i = 0; i < count; i++)
        {
            var shard = _woken[i];
            if (i < ran && shard.TryLetGo())
                continue;
            if (left > 0)
                _woken[kept++] = shard;
            else
                shard.RunOnPool();
        }

        _woken.RemoveRange(kept, count - kept);
    }
}
