namespace Atm0s.Sip.Configuration;

/// <summary>Options below others.</summary>
/// <typeparam name="TOwner">The options class.</typeparam>
/// <typeparam name="TInner">The class of those below.</typeparam>
/// <param name="name">Name of the property.</param>
/// <param name="table">Their settings.</param>
/// <param name="get">Reads them.</param>
/// <param name="set">Sets them where they are made anew, and gives the options, or others that have them.</param>
internal sealed class GroupSetting<TOwner, TInner>(
    string name, SettingTable<TInner> table, Func<TOwner, TInner> get, Func<TOwner, TInner, TOwner> set) : Setting<TOwner>(name)
{
    public override bool HasSecret => IsSecret || table.HasSecret;

    public override TOwner Bind(TOwner owner, ConfigurationPlace place) =>
        string.IsNullOrEmpty(place.Text)
            ? set(owner, table.Bind(get(owner), place))
            // What was meant for a password below it may stand here.
            : throw (table.HasSecret ? place.Secret() : place).Wrong(
                $"the settings below it: {string.Join(", ", table.Rows.Select(row => row.Name))}");

    public override void Check(TOwner owner, string path, SettingNames names) => table.Check(get(owner), $"{path}{Name}.", names);

    public override bool IsSame(TOwner one, TOwner other) => table.AreSame(get(one), get(other));

    public override void TakeOver(TOwner running, TOwner next, string path, ReloadNotes notes) =>
        table.TakeOver(get(running), get(next), $"{path}{Name}.", notes);

    public override SettingShape Describe(TOwner defaults) =>
        new(typeof(TOwner), Name) { Children = table.Describe(get(defaults)), Note = Note };
}
