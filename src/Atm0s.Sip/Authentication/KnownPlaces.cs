using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Authentication;

/// <summary>
/// From where users have shown right passwords: whoever guesses theirs elsewhere, or others' there, does not shut them out. One wrong
/// password there, and it must be shown anew; a place is the address with its port, and apart from that the address alone, so that a
/// second phone behind the same router, which has an old password, costs the first one nothing. Any thread.
/// </summary>
internal sealed class KnownPlaces
{
    private const int MaxPlaces = 262_144;
    private const int MaxChecks = 64;
    private const int AnyPort = 0;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string User, SourceKey Source, int Port), int> _checks = [];

    public int Count
    {
        get
        {
            lock (_lock)
                return _checks.Count;
        }
    }

    /// <summary>Begins the check of a password; false when the user is not known there, or asks too often at once.</summary>
    public bool TryEnter(string user, IPEndPoint source)
    {
        var key = SourceKey.Of(source.Address);
        lock (_lock)
            return TryEnter((user, key, source.Port)) || TryEnter((user, key, AnyPort));
    }

    /// <summary>Ends a check that was begun.</summary>
    public void Leave(string user, IPEndPoint source, bool wasWrong)
    {
        var key = SourceKey.Of(source.Address);
        lock (_lock)
        {
            Leave((user, key, source.Port), wasWrong);
            Leave((user, key, AnyPort), wasWrong);
        }
    }

    /// <summary>A user has shown his password there.</summary>
    public void Add(string user, IPEndPoint source)
    {
        var key = SourceKey.Of(source.Address);
        lock (_lock)
        {
            Add((user, key, source.Port));
            Add((user, key, AnyPort));
        }
    }

    private bool TryEnter((string User, SourceKey Source, int Port) place)
    {
        ref var checks = ref CollectionsMarshal.GetValueRefOrNullRef(_checks, place);
        if (Unsafe.IsNullRef(ref checks) || checks == MaxChecks)
            return false;
        checks++;
        return true;
    }

    // Which of the two was entered is not known: that of the port may be there only since then.
    private void Leave((string User, SourceKey Source, int Port) place, bool wasWrong)
    {
        if (wasWrong)
            _checks.Remove(place);
        else if (_checks.TryGetValue(place, out var count))
            _checks[place] = Math.Max(0, count - 1);
    }

    private void Add((string User, SourceKey Source, int Port) place)
    {
        if (_checks.ContainsKey(place))
            return;
        if (_checks.Count >= MaxPlaces)
            _checks.Remove(_checks.First().Key);
        _checks.Add(place, 0);
    }
}
