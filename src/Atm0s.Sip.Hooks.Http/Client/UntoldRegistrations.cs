using System.Collections.Concurrent;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>The registrations that the hook server could not be told of, or took no note of; the next refresh tells them again.</summary>
internal sealed class UntoldRegistrations
{
    private const int Max = 100_000; // sessions

    private readonly ConcurrentDictionary<string, bool> _sessions = new(StringComparer.Ordinal);

    public bool Contains(string sessionId) => _sessions.ContainsKey(sessionId);

    public void Set(string sessionId, bool isUntold)
    {
        if (!isUntold)
            _sessions.TryRemove(sessionId, out _);
        else if (_sessions.Count < Max)
            _sessions[sessionId] = true;
    }
}
