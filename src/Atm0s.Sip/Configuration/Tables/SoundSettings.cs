using Atm0s.Sip.Configuration.Formats;

namespace Atm0s.Sip.Configuration.Tables;

/// <summary>Settings of <see cref="SoundOptions"/>.</summary>
internal static class SoundSettings
{
    public static SettingTable<SoundOptions> Table { get; } = new SettingTable<SoundOptions>()
        .Value(nameof(SoundOptions.Ringback), Values.Switch, o => o.Ringback, (o, v) => o.Ringback = v)
        .Value(nameof(SoundOptions.JoinTone), Values.Switch, o => o.JoinTone, (o, v) => o.JoinTone = v)
        .Value(nameof(SoundOptions.LeaveTone), Values.Switch, o => o.LeaveTone, (o, v) => o.LeaveTone = v);
}
