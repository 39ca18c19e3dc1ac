using System.Collections.Concurrent;
using System.Net;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Defence;

/// <summary>
/// The sources of registered phones and of calls that are up: whoever floods us in their name must not shut them out. Any thread.
/// </summary>
internal sealed class LiveSources
{
    private readonly ConcurrentDictionary<SourceKey, int> _holders = new();

    public int Count => _holders.Count;

    public bool Contains(SourceKey source) => _holders.ContainsKey(source);

    /// <summary>Something lives there; a <see cref="Remove"/> follows.</summary>
    public void Add(IPAddress address) => _holders.AddOrUpdate(SourceKey.Of(address), 1, static (_, count) => count + 1);

    public void Remove(IPAddress address)
    {
        var source = SourceKey.Of(address);
        if (_holders.AddOrUpdate(source, 0, static (_, count) => count - 1) <= 0)
            _holders.TryRemove(new KeyValuePair<SourceKey, int>(source, 0));
    }
}
