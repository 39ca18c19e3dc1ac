namespace Atm0s.Sip.LoadGenerator.Traffic;

/// <summary>
/// Whose timer fires next. A deadline that was moved or called off leaves its old entry behind, which is then passed over.
/// </summary>
internal sealed class TimerQueue
{
    private readonly PriorityQueue<(Exchange Exchange, uint Generation), long> _queue = new();

    /// <summary>When the next may fire.</summary>
    public long Next => _queue.TryPeek(out _, out var due) ? due : long.MaxValue;

    /// <summary>Sets the timer of an exchange.</summary>
    public void Set(Exchange exchange, long deadline)
    {
        exchange.Deadline = deadline;
        _queue.Enqueue((exchange, exchange.Generation), deadline);
    }

    /// <summary>Takes the next exchange whose timer has fired.</summary>
    public bool TryTake(long now, out Exchange exchange)
    {
        while (_queue.TryPeek(out var entry, out var due) && due <= now)
        {
            _queue.Dequeue();
            exchange = entry.Exchange;
            if (exchange.Generation != entry.Generation || exchange.Deadline != due)
                continue;
            exchange.Deadline = 0;
            return true;
        }

        exchange = null!;
        return false;
    }
}
