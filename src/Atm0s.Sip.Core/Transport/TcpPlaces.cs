using System.Net;

namespace Atm0s.Sip.Core.Transport;

/// <summary>
/// Who may be connected, in all and from one source. When all places are taken the connection that never said anything for the longest time
/// gives way to a new one, and after those one that nobody depends on and that is silent for long: who takes places only to hold them keeps
/// nobody out. Any thread.
/// </summary>
internal sealed class TcpPlaces(int maxTotal, int maxPerSource)
{
    /// <summary>A connection that has spoken gives way only when it is silent for so long.</summary>
    public static readonly TimeSpan IdleBeforeGivingWay = TimeSpan.FromSeconds(10);

    /// <summary>For a descriptor a connection gives way only when it had so long to say something.</summary>
    public static readonly TimeSpan TimeToSpeak = TimeSpan.FromSeconds(1);

    // How many idle ones are looked at for each new connection: the work of a newcomer is bounded, and the next one goes on from there.
    private const int MaxLookedAt = 64;

    private readonly Lock _lock = new();
    private readonly SourceLimiter _limiter = new(maxTotal, maxPerSource);
    private readonly LinkedList<IPlaceHolder> _silent = new();
    private readonly LinkedList<IPlaceHolder> _spoken = new();
    private readonly Dictionary<IPAddress, LinkedList<IPlaceHolder>> _silentBySource = [];
    private readonly Dictionary<IPlaceHolder, Nodes> _nodes = [];

    /// <summary>Places taken.</summary>
    public int Count => _limiter.Count;

    /// <summary>Takes a place.</summary>
    /// <param name="holder">Who wants it.</param>
    /// <param name="now">The time.</param>
    /// <param name="givesWay">Who has lost its place to it and must be closed, or null.</param>
    /// <returns>False when there is none, and nobody to give way.</returns>
    public bool TryEnter(IPlaceHolder holder, TimeSpan now, out IPlaceHolder? givesWay)
    {
        givesWay = null;
        var source = SourceLimiter.SourceOf(holder.Source);
        lock (_lock)
        {
            if (!_limiter.TryEnter(source))
            {
                givesWay = _limiter.CountOf(source) >= maxPerSource
                    ? _silentBySource.GetValueOrDefault(source)?.First?.Value
                    : _silent.First?.Value ?? FindIdle(now);
                if (givesWay is null)
                    return false;
                Remove(givesWay);
                if (!_limiter.TryEnter(source))
                    return false;
            }

            if (!_silentBySource.TryGetValue(source, out var ofSource))
                _silentBySource.Add(source, ofSource = new LinkedList<IPlaceHolder>());
            _nodes.Add(holder, new Nodes(_silent.AddLast(holder), ofSource.AddLast(holder)));
            return true;
        }
    }

    /// <summary>It has said something.</summary>
    public void OnSpoke(IPlaceHolder holder)
    {
        lock (_lock)
        {
            if (!_nodes.TryGetValue(holder, out var nodes) || nodes.OfSource is null)
                return;
            RemoveSilent(holder, nodes);
            _nodes[holder] = new Nodes(_spoken.AddLast(holder), null);
        }
    }

    /// <summary>Gives the place back; one that has none does nothing.</summary>
    public void Leave(IPlaceHolder holder)
    {
        lock (_lock)
            Remove(holder);
    }

    /// <summary>Who said nothing for the longest time loses its place; null when nobody had the time to.</summary>
    public IPlaceHolder? TakeOldestSilent(TimeSpan now)
    {
        lock (_lock)
        {
            if (_silent.First?.Value is not { } oldest || now - oldest.LastHeard < TimeToSpeak)
                return null;
            Remove(oldest);
            return oldest;
        }
    }

    private IPlaceHolder? FindIdle(TimeSpan now)
    {
        IPlaceHolder? found = null;
        for (var i = Math.Min(MaxLookedAt, _spoken.Count); i > 0; i--)
        {
            var node = _spoken.First!;
            _spoken.RemoveFirst();
            _spoken.AddLast(node);
            var holder = node.Value;
            if (!holder.IsHeld && now - holder.LastHeard >= IdleBeforeGivingWay && (found is null || holder.LastHeard < found.LastHeard))
                found = holder;
        }

        return found;
    }

    private void Remove(IPlaceHolder holder)
    {
        if (!_nodes.Remove(holder, out var nodes))
            return;
        if (nodes.OfSource is null)
            _spoken.Remove(nodes.All);
        else
            RemoveSilent(holder, nodes);
        _limiter.Leave(holder.Source);
    }

    private void RemoveSilent(IPlaceHolder holder, in Nodes nodes)
    {
        _silent.Remove(nodes.All);
        var source = SourceLimiter.SourceOf(holder.Source);
        var ofSource = _silentBySource[source];
        ofSource.Remove(nodes.OfSource!);
        if (ofSource.Count == 0)
            _silentBySource.Remove(source);
    }

    // Where a connection stands in the lists; of those that have spoken there is one list only.
    private readonly record struct Nodes(LinkedListNode<IPlaceHolder> All, LinkedListNode<IPlaceHolder>? OfSource);
}
