using Atm0s.Sip.Configuration.Formats;

namespace Atm0s.Sip.Configuration.Tables;

/// <summary>Settings of <see cref="RegistrarOptions"/>.</summary>
internal static class RegistrarSettings
{
    private const int Forever = int.MaxValue;   // RFC 3261 §20.19: 2^32 - 1 seconds on the wire; half of it is enough.

    public static SettingTable<RegistrarOptions> Table { get; } = new SettingTable<RegistrarOptions>()
        .Value(nameof(RegistrarOptions.Enabled), Values.Switch, o => o.Enabled, (o, v) => o.Enabled = v)
        .Value(nameof(RegistrarOptions.MinExpires), Values.Seconds(1, 3600), o => o.MinExpires, (o, v) => o.MinExpires = v)
        .Live()
        .Value(nameof(RegistrarOptions.MaxExpires), Values.Seconds(1, Forever), o => o.MaxExpires, (o, v) => o.MaxExpires = v)
        .Live()
        .Value(nameof(RegistrarOptions.DefaultExpires), Values.Seconds(1, Forever), o => o.DefaultExpires, (o, v) => o.DefaultExpires = v)
        .Live()
        .Value(nameof(RegistrarOptions.MaxContactsPerUser), Values.Number(1, 1000), o => o.MaxContactsPerUser, (o, v) => o.MaxContactsPerUser = v)
        .Live()
        .Value(
            nameof(RegistrarOptions.MaxRegistrations), Values.Number(1, 100_000_000), o => o.MaxRegistrations, (o, v) => o.MaxRegistrations = v)
        .Live();
}
