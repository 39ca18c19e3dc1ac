using Atm0s.Sip.Configuration.Formats;

namespace Atm0s.Sip.Configuration;

/// <summary>All settings of an options class.</summary>
/// <typeparam name="TOwner">The options class.</typeparam>
internal sealed class SettingTable<TOwner>
{
    private readonly List<Setting<TOwner>> _rows = [];

    public IReadOnlyList<Setting<TOwner>> Rows => _rows;

    /// <summary>Whether one of them, or of those below them, is never shown.</summary>
    public bool HasSecret => _rows.Exists(row => row.HasSecret);

    public SettingTable<TOwner> Add(Setting<TOwner> row)
    {
        _rows.Add(row);
        return this;
    }

    /// <summary>Adds a setting with one value, of options that can be changed.</summary>
    public SettingTable<TOwner> Value<TValue>(
        string name, ValueFormat<TValue> format, Func<TOwner, TValue> get, Action<TOwner, TValue> set) =>
        Value(name, format, get, (owner, value) =>
        {
            set(owner, value);
            return owner;
        });

    /// <summary>Adds a setting with one value, of options that are made anew.</summary>
    public SettingTable<TOwner> Value<TValue>(
        string name, ValueFormat<TValue> format, Func<TOwner, TValue> get, Func<TOwner, TValue, TOwner> set) =>
        Add(new ValueSetting<TOwner, TValue>(name, format, get, set));

    /// <summary>Adds a setting with many values.</summary>
    public SettingTable<TOwner> Many<TValue>(string name, ValueFormat<TValue> format, Func<TOwner, IList<TValue>> get) =>
        Add(new ListSetting<TOwner, TValue>(name, format, owner => [.. get(owner)], (owner, values) =>
        {
            var list = get(owner);
            list.Clear();
            foreach (var value in values)
                list.Add(value);
            return owner;
        }));

    /// <summary>Adds options below these, of a class that can be changed.</summary>
    public SettingTable<TOwner> Group<TInner>(string name, SettingTable<TInner> table, Func<TOwner, TInner> get) =>
        Add(new GroupSetting<TOwner, TInner>(name, table, get, static (owner, _) => owner));

    /// <summary>A running server takes what has changed in the last one.</summary>
    public SettingTable<TOwner> Live() => With(row => row.Reload = ReloadKind.Live);

    /// <summary>The server compares the last one itself.</summary>
    public SettingTable<TOwner> Elsewhere() => With(row => row.Reload = ReloadKind.Elsewhere);

    /// <summary>The last one is never shown.</summary>
    public SettingTable<TOwner> Secret() => With(row => row.IsSecret = true);

    /// <summary>What people read about the last one.</summary>
    public SettingTable<TOwner> Note(string note) => With(row => row.Note = note);

    /// <summary>Sets all that stands at a place.</summary>
    /// <exception cref="SipStartException">Something there is unknown, can't be read, or is out of range.</exception>
    public TOwner Bind(TOwner owner, ConfigurationPlace place)
    {
        foreach (var child in place.Children())
        {
            if (!_rows.Exists(row => row.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase)))
                throw child.Problem(Suggestions.For(child, [.. _rows.Select(row => row.Name)]));
        }

        foreach (var row in _rows)
        {
            var at = place.Child(row.Name);
            if (IsSet(place, row.Name))
                owner = row.Bind(owner, row.IsSecret ? at.Secret() : at);
        }

        return owner;
    }

    public void Check(TOwner owner, string path, SettingNames names)
    {
        foreach (var row in _rows)
            row.Check(owner, path, names);
    }

    public bool AreSame(TOwner one, TOwner other) => _rows.TrueForAll(row => row.IsSame(one, other));

    public void TakeOver(TOwner running, TOwner next, string path, ReloadNotes notes)
    {
        foreach (var row in _rows)
            row.TakeOver(running, next, path, notes);
    }

    public IReadOnlyList<SettingShape> Describe(TOwner defaults) => [.. _rows.Select(row => row.Describe(defaults))];

    // A null in JSON is a key without a value: it is set, to nothing.
    private static bool IsSet(ConfigurationPlace place, string name) =>
        place.Section.GetChildren().Any(child => child.Key.Equals(name, StringComparison.OrdinalIgnoreCase));

    private SettingTable<TOwner> With(Action<Setting<TOwner>> change)
    {
        change(_rows[^1]);
        return this;
    }
}
