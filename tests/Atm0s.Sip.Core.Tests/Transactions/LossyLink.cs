namespace Atm0s.Sip.Core.Tests.Transactions;

/// <summary>Two directions that lose, double, delay and so reorder what is sent over them; all from one seed.</summary>
internal sealed class LossyLink(Random random, double loss, double doubling, int maxDelayMs)
{
    private readonly PriorityQueue<(bool ToServer, ReadOnlyMemory<byte> Bytes), (TimeSpan At, int Order)> _flying = new();
    private int _order;

    internal TimeSpan? Next => _flying.TryPeek(out _, out var key) ? key.At : null;

    internal void Send(TimeSpan now, bool toServer, ReadOnlyMemory<byte> bytes)
    {
        var copies = random.NextDouble() < loss ? 0 : random.NextDouble() < doubling ? 2 : 1;
        for (var i = 0; i < copies; i++)
            _flying.Enqueue((toServer, bytes), (now + TimeSpan.FromMilliseconds(random.Next(1, maxDelayMs)), _order++));
    }

    internal (bool ToServer, ReadOnlyMemory<byte> Bytes) Take() => _flying.Dequeue();
}
