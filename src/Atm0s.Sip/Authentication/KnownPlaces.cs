using System.Diagnostics.CodeAnalysis;
using System.Net;
using Atm0s.Sip.Core.Transport;

namespace Atm0s.Sip.Authentication;

/// <summary>
/// From where users have shown right passwords: whoever guesses theirs elsewhere, or others' there, does not shut them out. One wrong
/// password there, and it must be shown anew; a place is the address with its port, and apart from that the address alone, so that a
/// second phone behind the same router, which has an old password, costs the first one nothing. Any thread.
/// </summary>
/// <param name="max">Addresses of users that are remembered at least, when there are so many; at most twice as many.</param>
internal sealed class KnownPlaces(int max = KnownPlaces.Max)
{
    /// <summary>Addresses of users that are remembered by default.</summary>
    public const int Max = 65_536;

    private readonly Lock _lock = new();

    // Two halves: who has shown a password since the change is in the first, and when that is full, the other one is forgotten.
    private Dictionary<(string User, SourceKey Source), KnownPlace> _recent = [];
    private Dictionary<(string User, SourceKey Source), KnownPlace> _older = [];

    public int Count
    {
        get
        {
            lock (_lock)
                return _recent.Count + _older.Count;
        }
    }

    /// <summary>Begins the check of a password; false when the user is not known there, or asks too often at once.</summary>
    public bool TryEnter(string user, IPEndPoint source)
    {
        var key = (user, SourceKey.Of(source.Address));
        lock (_lock)
            return TryGet(key, out var place) && place.TryEnter(source.Port);
    }

    /// <summary>Ends a check that was begun.</summary>
    public void Leave(string user, IPEndPoint source, bool wasWrong)
    {
        var key = (user, SourceKey.Of(source.Address));
        lock (_lock)
        {
            if (TryGet(key, out var place))
                place.Leave(source.Port, wasWrong);
        }
    }

    /// <summary>A user has shown his password there.</summary>
    public void Add(string user, IPEndPoint source)
    {
        var key = (user, SourceKey.Of(source.Address));
        lock (_lock)
        {
            if (!_recent.TryGetValue(key, out var place))
            {
                if (_recent.Count >= max)
                    (_recent, _older) = ([], _recent);
                if (!_older.Remove(key, out place))
                    place = new KnownPlace();
                _recent.Add(key, place);
            }

            place.Add(source.Port);
        }
    }

    private bool TryGet((string User, SourceKey Source) key, [NotNullWhen(true)] out KnownPlace? place) =>
        _recent.TryGetValue(key, out place) || _older.TryGetValue(key, out place);
}
