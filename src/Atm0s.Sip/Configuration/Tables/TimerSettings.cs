using Atm0s.Sip.Configuration.Formats;
using Atm0s.Sip.Core.Transactions;

namespace Atm0s.Sip.Configuration.Tables;

/// <summary>Settings of <see cref="SipTimers"/>.</summary>
internal static class TimerSettings
{
    public static SettingTable<SipTimers> Table { get; } = new SettingTable<SipTimers>()
        .Value(nameof(SipTimers.T1), Values.Milliseconds(1, 30_000), o => o.T1, (o, v) => o with { T1 = v })
        .Value(nameof(SipTimers.T2), Values.Milliseconds(1, 120_000), o => o.T2, (o, v) => o with { T2 = v })
        .Value(nameof(SipTimers.T4), Values.Milliseconds(0, 120_000), o => o.T4, (o, v) => o with { T4 = v })
        .Value(nameof(SipTimers.TimerDMinimum), Values.Seconds(0, 300), o => o.TimerDMinimum, (o, v) => o with { TimerDMinimum = v })
        .Value(nameof(SipTimers.InviteTrying), Values.Milliseconds(0, 10_000), o => o.InviteTrying, (o, v) => o with { InviteTrying = v });
}
