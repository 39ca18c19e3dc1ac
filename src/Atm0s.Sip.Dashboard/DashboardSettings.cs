using Atm0s.Sip.Configuration;
using Atm0s.Sip.Configuration.Formats;

namespace Atm0s.Sip.Dashboard;

/// <summary>Settings of <see cref="SipDashboardOptions"/>.</summary>
internal static class DashboardSettings
{
    public static SettingTable<SipDashboardOptions> Table { get; } = new SettingTable<SipDashboardOptions>()
        .Value(nameof(SipDashboardOptions.Title), Values.Text("a heading of 1 to 60 characters"), o => o.Title, (o, v) => o.Title = v)
        .Value(
            nameof(SipDashboardOptions.UpdateInterval), Values.Milliseconds(250, 1000), o => o.UpdateInterval, (o, v) => o.UpdateInterval = v)
        .Value(nameof(SipDashboardOptions.MaxWatchers), Values.Number(1, 1_000), o => o.MaxWatchers, (o, v) => o.MaxWatchers = v)
        .Value(nameof(SipDashboardOptions.MaxRows), Values.Number(10, 10_000), o => o.MaxRows, (o, v) => o.MaxRows = v)
        .Value(nameof(SipDashboardOptions.AllowCommands), Values.Switch, o => o.AllowCommands, (o, v) => o.AllowCommands = v);
}
