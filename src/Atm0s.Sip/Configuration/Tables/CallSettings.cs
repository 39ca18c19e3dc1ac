using Atm0s.Sip.Configuration.Formats;

namespace Atm0s.Sip.Configuration.Tables;

/// <summary>Settings of <see cref="CallOptions"/>.</summary>
internal static class CallSettings
{
    public static SettingTable<CallOptions> Table { get; } = new SettingTable<CallOptions>()
        .Value(nameof(CallOptions.RingTimeout), Values.Seconds(1, 600), o => o.RingTimeout, (o, v) => o.RingTimeout = v)
        .Live()
        .Value(
            nameof(CallOptions.WaitForOthersTimeout),
            Values.Seconds(1, 600),
            o => o.WaitForOthersTimeout,
            (o, v) => o.WaitForOthersTimeout = v)
        .Live()
        .Value(
            nameof(CallOptions.MaxDuration), Values.Seconds(1, 7 * 86_400, endless: true), o => o.MaxDuration, (o, v) => o.MaxDuration = v)
        .Live()
        .Value(nameof(CallOptions.EndWhenOthersLeave), Values.Switch, o => o.EndWhenOthersLeave, (o, v) => o.EndWhenOthersLeave = v)
        .Live()
        .Value(
            nameof(CallOptions.AloneTimeout),
            Values.Seconds(1, 86_400, zero: true, endless: true),
            o => o.AloneTimeout,
            (o, v) => o.AloneTimeout = v)
        .Live()
        .Value(
            nameof(CallOptions.SessionInterval),
            Values.Seconds(90, 86_400, zero: true, endless: true),
            o => o.SessionInterval,
            (o, v) => o.SessionInterval = v)
        .Live()
        .Value(
            nameof(CallOptions.MinSessionInterval),
            Values.Seconds(90, 86_400),
            o => o.MinSessionInterval,
            (o, v) => o.MinSessionInterval = v)
        .Live()
        .Value(nameof(CallOptions.EarlyMedia), Values.Switch, o => o.EarlyMedia, (o, v) => o.EarlyMedia = v)
        .Live()
        .Value(nameof(CallOptions.RelayDigits), Values.Choice<DigitRelay>(), o => o.RelayDigits, (o, v) => o.RelayDigits = v)
        .Value(nameof(CallOptions.WireTrace), Values.Switch, o => o.WireTrace, (o, v) => o.WireTrace = v)
        .Live()
        .Value(nameof(CallOptions.MaxCalls), Values.Number(1, 1_000_000), o => o.MaxCalls, (o, v) => o.MaxCalls = v)
        .Live()
        .Value(nameof(CallOptions.MaxCallsPerUser), Values.Number(1, 1_000_000), o => o.MaxCallsPerUser, (o, v) => o.MaxCallsPerUser = v)
        .Live()
        .Value(
            nameof(CallOptions.MaxCallsPerTrustedSource),
            Values.OptionalNumber(1, 1_000_000),
            o => o.MaxCallsPerTrustedSource,
            (o, v) => o.MaxCallsPerTrustedSource = v)
        .Live()
        .Value(
            nameof(CallOptions.MaxUnverifiedPerSource),
            Values.OptionalNumber(1, 1_000_000),
            o => o.MaxUnverifiedPerSource,
            (o, v) => o.MaxUnverifiedPerSource = v)
        .Live()
        .Value(
            nameof(CallOptions.MaxUnconfirmedPerSource),
            Values.Number(1, 1_000_000),
            o => o.MaxUnconfirmedPerSource,
            (o, v) => o.MaxUnconfirmedPerSource = v)
        .Live()
        .Value(nameof(CallOptions.MaxUnconfirmed), Values.Number(1, 1_000_000), o => o.MaxUnconfirmed, (o, v) => o.MaxUnconfirmed = v)
        .Live()
        .Group(nameof(CallOptions.Records), CallRecordSettings.Table, o => o.Records);
}
