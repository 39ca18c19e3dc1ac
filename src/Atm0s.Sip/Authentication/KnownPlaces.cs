using System.Net;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Authentication;

/// <summary>
/// From where users have shown right passwords: whoever guesses theirs elsewhere, or others' there, does not shut them out. One wrong
/// password there, and it must be shown anew. Any thread.
/// </summary>
internal sealed class KnownPlaces
{
    private const int MaxPlaces = 131_072;
    private const int MaxChecks = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string User, SourceKey Source), int> _checks = [];

    public int Count
    {
        get
        {
            lock (_lock)
                return _checks.Count;
        }
    }

    /// <summary>Begins the check of a password; false when the user is not known there, or asks too often at once.</summary>
    public bool TryEnter(string user, IPAddress address)
    {
        var place = (user, SourceKey.Of(address));
        lock (_lock)
        {
            if (!_checks.TryGetValue(place, out var count) || count == MaxChecks)
                return false;
            _checks[place] = count + 1;
            return true;
        }
    }

    /// <summary>Ends a check that was begun.</summary>
    public void Leave(string user, IPAddress address, bool wasWrong)
    {
        var place = (user, SourceKey.Of(address));
        lock (_lock)
        {
            if (wasWrong)
                _checks.Remove(place);
            else if (_checks.TryGetValue(place, out var count))
                _checks[place] = Math.Max(0, count - 1);
        }
    }

    /// <summary>A user has shown his password there.</summary>
    public void Add(string user, IPAddress address)
    {
        lock (_lock)
        {
            if (_checks.Count >= MaxPlaces)
                _checks.Remove(_checks.First().Key);
            _checks.TryAdd((user, SourceKey.Of(address)), 0);
        }
    }
}
