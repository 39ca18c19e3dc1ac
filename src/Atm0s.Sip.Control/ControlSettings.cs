using Atm0s.Sip.Configuration;
using Atm0s.Sip.Configuration.Formats;

namespace Atm0s.Sip.Control;

/// <summary>Settings of <see cref="SipControlOptions"/>.</summary>
internal static class ControlSettings
{
    public static SettingTable<SipControlOptions> Table { get; } = new SettingTable<SipControlOptions>()
        .Many(nameof(SipControlOptions.ApiKeys), Values.Text("a key of 16 characters or more"), o => o.ApiKeys)
        .Secret()
        .Value(nameof(SipControlOptions.AllowAnonymous), Values.Switch, o => o.AllowAnonymous, (o, v) => o.AllowAnonymous = v)
        .Many(nameof(SipControlOptions.AllowedHosts), Values.Text("a host name, for example sip.example.com"), o => o.AllowedHosts)
        .Value(nameof(SipControlOptions.Heartbeat), Values.Seconds(1, 300), o => o.Heartbeat, (o, v) => o.Heartbeat = v)
        .Value(nameof(SipControlOptions.MaxWatchers), Values.Number(1, 10_000), o => o.MaxWatchers, (o, v) => o.MaxWatchers = v)
        .Value(nameof(SipControlOptions.SoundFolder), Values.OptionalText, o => o.SoundFolder, (o, v) => o.SoundFolder = v)
        .Value(nameof(SipControlOptions.RecordingFolder), Values.OptionalText, o => o.RecordingFolder, (o, v) => o.RecordingFolder = v);
}
