using Atm0s.Sip.Configuration.Formats;

namespace Atm0s.Sip.Configuration.Tables;

/// <summary>Settings of <see cref="CallRecordOptions"/>.</summary>
internal static class CallRecordSettings
{
    private const int Month = 30 * 86_400;

    public static SettingTable<CallRecordOptions> Table { get; } = new SettingTable<CallRecordOptions>()
        .Value(nameof(CallRecordOptions.MaxEndedCalls), Values.Number(0, 1_000_000), o => o.MaxEndedCalls, (o, v) => o.MaxEndedCalls = v)
        .Value(nameof(CallRecordOptions.EndedCallAge), Values.Seconds(1, Month), o => o.EndedCallAge, (o, v) => o.EndedCallAge = v)
        .Value(nameof(CallRecordOptions.MaxFailedCalls), Values.Number(0, 1_000_000), o => o.MaxFailedCalls, (o, v) => o.MaxFailedCalls = v)
        .Value(nameof(CallRecordOptions.FailedCallAge), Values.Seconds(1, Month), o => o.FailedCallAge, (o, v) => o.FailedCallAge = v)
        .Value(
            nameof(CallRecordOptions.MaxRefusedCalls), Values.Number(0, 100_000), o => o.MaxRefusedCalls, (o, v) => o.MaxRefusedCalls = v)
        .Value(
            nameof(CallRecordOptions.MaxRecordBytes),
            Values.LongSize(256 * 1024, 16L * 1024 * 1024 * 1024),
            o => o.MaxRecordBytes,
            (o, v) => o.MaxRecordBytes = v)
        .Value(
            nameof(CallRecordOptions.MaxMessageBytes), Values.Size(0, 1024 * 1024), o => o.MaxMessageBytes, (o, v) => o.MaxMessageBytes = v)
        .Value(nameof(CallRecordOptions.SampleInterval), Values.Seconds(1, 600), o => o.SampleInterval, (o, v) => o.SampleInterval = v)
        .Value(nameof(CallRecordOptions.MaxSamples), Values.Number(0, 10_000), o => o.MaxSamples, (o, v) => o.MaxSamples = v);
}
