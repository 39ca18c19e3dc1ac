using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace HooksServer;

/// <summary>Who is registered, by user name.</summary>
internal sealed class AddressBook
{
    private readonly ConcurrentDictionary<string, string> _sessions = new(StringComparer.Ordinal);

    /// <summary>Sixteen random bytes: nobody else comes by this name.</summary>
    public static string NewRoom() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    public void Register(string username, string sessionId) => _sessions[username] = sessionId;

    /// <summary>Forgets a session, unless the user has registered anew since.</summary>
    public void Unregister(string username, string sessionId) => _sessions.TryRemove(KeyValuePair.Create(username, sessionId));

    public string? Find(string username) => _sessions.GetValueOrDefault(username);
}
