namespace Atm0s.Sip.Sounds;

/// <summary>
/// Wrong PINs by whoever typed them, from the first one on for a time. Bounded: names beyond those that are kept are counted together. Not
/// for several threads at once.
/// </summary>
/// <param name="max">So many are too many.</param>
/// <param name="window">For how long they count.</param>
internal sealed class WrongPins(int max, TimeSpan window)
{
    /// <summary>Names that are told apart.</summary>
    public const int MaxNames = 1000;

    private const string Others = "";

    private readonly Dictionary<string, (int Wrong, DateTimeOffset Since)> _names = new(StringComparer.Ordinal);

    /// <summary>Whether one more may be tried.</summary>
    public bool MayTry(string name, DateTimeOffset now) =>
        !_names.TryGetValue(KeyOf(name, now), out var known) || known.Wrong < max || now - known.Since >= window;

    /// <summary>Counts a try, before it is known whether it is wrong: of those at the same time none is left out.</summary>
    public void Add(string name, DateTimeOffset now)
    {
        var key = KeyOf(name, now);
        var known = _names.GetValueOrDefault(key);
        _names[key] = known.Wrong == 0 || now - known.Since >= window ? (1, now) : (known.Wrong + 1, known.Since);
    }

    /// <summary>It was right.</summary>
    public void TakeBack(string name, DateTimeOffset now)
    {
        var key = KeyOf(name, now);
        if (!_names.TryGetValue(key, out var known) || known.Wrong == 0)
            return;
        if (known.Wrong == 1)
            _names.Remove(key);
        else
            _names[key] = (known.Wrong - 1, known.Since);
    }

    private string KeyOf(string name, DateTimeOffset now)
    {
        if (_names.ContainsKey(name) || _names.Count < MaxNames)
            return name;
        foreach (var (old, known) in _names)
        {
            if (now - known.Since >= window)
                _names.Remove(old);
        }

        return _names.Count < MaxNames ? name : Others;
    }
}
