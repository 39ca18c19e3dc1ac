using Atm0s.Sip.Configuration.Formats;

namespace Atm0s.Sip.Configuration.Tables;

/// <summary>Settings of <see cref="DefenceOptions"/>.</summary>
internal static class DefenceSettings
{
    public static SettingTable<DefenceOptions> Table { get; } = new SettingTable<DefenceOptions>()
        .Value(
            nameof(DefenceOptions.MaxRequestsPerSecondPerSource),
            Values.Number(0, 1_000_000),
            o => o.MaxRequestsPerSecondPerSource,
            (o, v) => o.MaxRequestsPerSecondPerSource = v)
        .Live()
        .Value(nameof(DefenceOptions.MaxBurstPerSource), Values.Number(1, 1_000_000), o => o.MaxBurstPerSource, (o, v) => o.MaxBurstPerSource = v)
        .Live()
        .Value(
            nameof(DefenceOptions.MaxRequestsPerSecondPerUser),
            Values.Number(0, 1_000_000),
            o => o.MaxRequestsPerSecondPerUser,
            (o, v) => o.MaxRequestsPerSecondPerUser = v)
        .Live()
        .Value(nameof(DefenceOptions.MaxBurstPerUser), Values.Number(1, 1_000_000), o => o.MaxBurstPerUser, (o, v) => o.MaxBurstPerUser = v)
        .Live()
        .Value(nameof(DefenceOptions.CheckDialogSource), Values.Switch, o => o.CheckDialogSource, (o, v) => o.CheckDialogSource = v)
        .Live()
        .Value(
            nameof(DefenceOptions.MaxOffencesPerSource), Values.Number(0, 10_000), o => o.MaxOffencesPerSource, (o, v) => o.MaxOffencesPerSource = v)
        .Live()
        .Value(nameof(DefenceOptions.OffenceWindow), Values.Seconds(1, 86_400), o => o.OffenceWindow, (o, v) => o.OffenceWindow = v)
        .Live()
        .Value(nameof(DefenceOptions.DropDuration), Values.Seconds(1, 86_400), o => o.DropDuration, (o, v) => o.DropDuration = v)
        .Live()
        .Many(nameof(DefenceOptions.DroppedUserAgents), Values.Text("the beginning of a User-Agent"), o => o.DroppedUserAgents)
        .Live();
}
