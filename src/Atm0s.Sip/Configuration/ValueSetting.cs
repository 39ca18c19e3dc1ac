using Atm0s.Sip.Configuration.Formats;

namespace Atm0s.Sip.Configuration;

/// <summary>A setting with one value.</summary>
/// <typeparam name="TOwner">The options class.</typeparam>
/// <typeparam name="TValue">Its type.</typeparam>
/// <param name="name">Name of the property.</param>
/// <param name="format">What it may be.</param>
/// <param name="get">Reads it.</param>
/// <param name="set">Sets it, and gives the options, or others that have it.</param>
internal sealed class ValueSetting<TOwner, TValue>(
    string name, ValueFormat<TValue> format, Func<TOwner, TValue> get, Func<TOwner, TValue, TOwner> set) : Setting<TOwner>(name)
{
    public override TOwner Bind(TOwner owner, ConfigurationPlace place)
    {
        if (place.HasChildren)
            throw place.Wrong(format.Advice, format.Example);
        if (format.IsOptional && string.IsNullOrEmpty(place.Text))
            return set(owner, default!);
        return place.Text is { } text && format.TryRead(text, out var value) && format.Allows(value)
            ? set(owner, value)
            : throw place.Wrong(format.Advice, format.Example);
    }

    public override void Check(TOwner owner, string path, SettingNames names)
    {
        if (get(owner) is var value && !format.Allows(value))
        {
            var shown = IsSecret ? "can't be used as it is (its value is not shown)" : $"is {format.Write(value)}";
            throw names.Problem(path + Name, $" {shown}; write {format.Advice}.");
        }
    }

    public override bool IsSame(TOwner one, TOwner other) => EqualityComparer<TValue>.Default.Equals(get(one), get(other));

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
        Default = get(defaults) is { } value ? format.Write(value) : null,
        Reload = Reload,
        IsSecret = IsSecret,
        Note = Note,
    };
}
