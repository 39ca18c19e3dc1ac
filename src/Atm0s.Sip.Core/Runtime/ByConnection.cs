using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Core.Runtime;

/// <summary>The exchanges that depend on a connection. Not thread-safe.</summary>
/// <typeparam name="T">What they are.</typeparam>
internal sealed class ByConnection<T>
    where T : class
{
    private readonly Dictionary<SipFlow, HashSet<T>> _exchanges = [];

    /// <summary>One depends on a connection.</summary>
    public void Add(SipFlow flow, T exchange)
    {
        if (!_exchanges.TryGetValue(flow, out var exchanges))
            _exchanges.Add(flow, exchanges = []);
        exchanges.Add(exchange);
    }

    /// <summary>It does so no more.</summary>
    public void Remove(SipFlow flow, T exchange)
    {
        if (_exchanges.TryGetValue(flow, out var exchanges) && exchanges.Remove(exchange) && exchanges.Count == 0)
            _exchanges.Remove(flow);
    }

    /// <summary>Those that depend on a connection now.</summary>
    public T[] Of(SipFlow flow) => _exchanges.TryGetValue(flow, out var exchanges) ? [.. exchanges] : [];

    /// <summary>None depends on it any more.</summary>
    public void Forget(SipFlow flow) => _exchanges.Remove(flow);
}
