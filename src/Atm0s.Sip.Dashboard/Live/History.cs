using Atm0s.Sip.Dashboard.Messages;

namespace Atm0s.Sip.Dashboard.Live;

/// <summary>The last ten minutes, second by second.</summary>
internal sealed class History
{
    public const int Length = 600;

    private readonly Queue<Second> _seconds = new(Length);

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Second> All => [.. _seconds];

    public void Add(Second second)
    {
        if (_seconds.Count == Length)
            _seconds.Dequeue();
        _seconds.Enqueue(second);
    }
}
