using Atm0s.Sip.Configuration.Formats;

namespace Atm0s.Sip.Configuration;

/// <summary>
/// A setting with many values: what a configuration has takes the place of the default. Written as a list, or as one text with commas,
/// which wins: so one variable of the environment takes the place of a list in a file.
/// </summary>
/// <typeparam name="TOwner">The options class.</typeparam>
/// <typeparam name="TValue">Type of a value.</typeparam>
/// <param name="name">Name of the property.</param>
/// <param name="format">What each may be.</param>
/// <param name="get">Reads them.</param>
/// <param name="set">Sets them, and gives the options, or others that have them.</param>
internal sealed class ListSetting<TOwner, TValue>(
    string name,
    ValueFormat<TValue> format,
    Func<TOwner, IReadOnlyList<TValue>> get,
    Func<TOwner, IReadOnlyList<TValue>, TOwner> set) : Setting<TOwner>(name)
{
    public override TOwner Bind(TOwner owner, ConfigurationPlace place)
    {
        List<TValue> values = [];
        if (place.Text is { Length: > 0 } text)
        {
            foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
                values.Add(Read(place, part));
        }
        else
        {
            foreach (var child in place.Children())
                values.Add(child.HasChildren ? throw child.Wrong(format.Advice, format.Example) : Read(child, child.Text ?? ""));
        }

        return set(owner, values);
    }

    public override void Check(TOwner owner, string path, SettingNames names)
    {
        var values = get(owner);
        for (var i = 0; i < values.Count; i++)
        {
            if (!format.Allows(values[i]))
                throw names.Problem($"{path}{Name}[{i}]", $" is {format.Write(values[i])}; write {format.Advice}.");
        }
    }

    public override bool IsSame(TOwner one, TOwner other) => get(one).SequenceEqual(get(other));

    public override void TakeOver(TOwner running, TOwner next, string path, ReloadNotes notes)
    {
        if (IsSame(running, next) || Reload == ReloadKind.Elsewhere)
            return;
        if (Reload == ReloadKind.Live)
            set(running, get(next));
        (Reload == ReloadKind.Live ? notes.Applied : notes.NeedRestart).Add(path + Name);
    }

    public override SettingShape Describe(TOwner defaults) => new(typeof(TOwner), Name)
    {
        Format = format,
        IsList = true,
        Default = get(defaults) is { Count: > 0 } values ? string.Join(", ", values.Select(format.Write)) : null,
        Reload = Reload,
        Note = Note,
    };

    private TValue Read(ConfigurationPlace place, string text) =>
        text.Length > 0 && format.TryRead(text, out var value) && format.Allows(value) ? value
            : throw place.Wrong(format.Advice, format.Example);
}
