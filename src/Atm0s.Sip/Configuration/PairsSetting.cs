namespace Atm0s.Sip.Configuration;

/// <summary>Texts by names of the host's choice. What a configuration has takes the place of the default.</summary>
/// <typeparam name="TOwner">The options class.</typeparam>
/// <param name="name">Name of the property.</param>
/// <param name="get">Reads them.</param>
internal sealed class PairsSetting<TOwner>(string name, Func<TOwner, IDictionary<string, string>> get) : Setting<TOwner>(name)
{
    private const string Advice = "a text by each name";

    public override TOwner Bind(TOwner owner, ConfigurationPlace place)
    {
        if (!string.IsNullOrEmpty(place.Text))
            throw place.Wrong(Advice);
        var pairs = get(owner);
        pairs.Clear();
        foreach (var child in place.Children())
            pairs[child.Key] = child.HasChildren || child.Text is null ? throw child.Wrong("a text") : child.Text;
        return owner;
    }

    public override void Check(TOwner owner, string path, SettingNames names)
    {
        // Every text will do.
    }

    public override bool IsSame(TOwner one, TOwner other) =>
        get(one).Count == get(other).Count && get(one).All(pair => get(other).TryGetValue(pair.Key, out var text) && text == pair.Value);

    public override void TakeOver(TOwner running, TOwner next, string path, ReloadNotes notes)
    {
        if (!IsSame(running, next))
            notes.NeedRestart.Add(path + Name);
    }

    public override SettingShape Describe(TOwner defaults) =>
        new(typeof(TOwner), Name) { Format = Formats.Values.Text("a text"), IsNamed = true, IsSecret = IsSecret, Note = Note };
}
