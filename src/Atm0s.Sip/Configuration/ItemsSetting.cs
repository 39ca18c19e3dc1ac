namespace Atm0s.Sip.Configuration;

/// <summary>Many options of one class: a list, or a group in which each has a name.</summary>
/// <typeparam name="TOwner">The options class.</typeparam>
/// <typeparam name="TItem">The class of each.</typeparam>
/// <param name="name">Name of the property.</param>
/// <param name="table">Their settings.</param>
/// <param name="get">Reads them.</param>
internal sealed class ItemsSetting<TOwner, TItem>(string name, SettingTable<TItem> table, Func<TOwner, IList<TItem>> get)
    : Setting<TOwner>(name)
{
    /// <summary>Makes one of the key it has in the configuration.</summary>
    public required Func<string, TItem> New { get; init; }

    /// <summary>Reads one that is written as a text; the exception says what is wrong with it.</summary>
    public required Func<TItem, string, TItem> Read { get; init; }

    /// <summary>What such a text is.</summary>
    public required Formats.ValueFormat Text { get; init; }

    /// <summary>What is wrong with one, after all its settings have been read; null when nothing is.</summary>
    public Func<TItem, string?> ProblemOf { get; init; } = static _ => null;

    /// <summary>Whether the keys may be names.</summary>
    public bool AreNamed { get; init; }

    public override TOwner Bind(TOwner owner, ConfigurationPlace place)
    {
        var items = get(owner);
        items.Clear();
        if (place.Text is { Length: > 0 } text)
        {
            foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
                items.Add(ReadText(New("0"), part, place));
            return owner;
        }

        foreach (var child in place.Children())
        {
            if (!AreNamed && !child.Key.All(char.IsAsciiDigit))
                throw child.Problem($"is no place in a list; write {place.Section.Path}:0.");
            var item = New(child.Key);
            if (child.Text is { Length: > 0 } written)
                item = ReadText(item, written, child);
            else if (!child.HasChildren)
                throw child.Wrong(Text.Advice);
            item = table.Bind(item, child);
            items.Add(ProblemOf(item) is { } problem ? throw child.Problem($"can't work: {problem}") : item);
        }

        return owner;
    }

    public override void Check(TOwner owner, string path, SettingNames names)
    {
        var items = get(owner);
        for (var i = 0; i < items.Count; i++)
            table.Check(items[i], $"{path}{Name}[{i}].", names);
    }

    public override bool IsSame(TOwner one, TOwner other) =>
        get(one) is var left && get(other) is var right && left.Count == right.Count && left.Zip(right).All(pair =>
            table.AreSame(pair.First, pair.Second));

    public override void TakeOver(TOwner running, TOwner next, string path, ReloadNotes notes)
    {
        if (IsSame(running, next) || Reload == ReloadKind.Elsewhere)
            return;
        if (Reload == ReloadKind.Live)
        {
            var items = get(running);
            items.Clear();
            foreach (var item in get(next))
                items.Add(item);
        }

        (Reload == ReloadKind.Live ? notes.Applied : notes.NeedRestart).Add(path + Name);
    }

    public override SettingShape Describe(TOwner defaults) => new(typeof(TOwner), Name)
    {
        Format = Text,
        IsList = true,
        IsNamed = AreNamed,
        Children = table.Describe(New("carrier")),
        Reload = Reload,
        Note = Note,
    };

    private TItem ReadText(TItem item, string text, ConfigurationPlace place)
    {
        try
        {
            return Read(item, text);
        }
        catch (FormatException wrong)
        {
            throw place.Problem($"can't be read: {wrong.Message}");
        }
    }
}
