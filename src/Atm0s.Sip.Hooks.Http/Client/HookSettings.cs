using Atm0s.Sip.Configuration;
using Atm0s.Sip.Configuration.Formats;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>Settings of <see cref="HttpHookOptions"/>. What depends on another of them is looked at by their validator.</summary>
internal static class HookSettings
{
    private static readonly SettingTable<HttpHookBreakerOptions> Breaker = new SettingTable<HttpHookBreakerOptions>()
        .Value(nameof(HttpHookBreakerOptions.Enabled), Values.Switch, o => o.Enabled, (o, v) => o.Enabled = v)
        .Value(nameof(HttpHookBreakerOptions.FailureRatio), Values.Share, o => o.FailureRatio, (o, v) => o.FailureRatio = v)
        .Value(
            nameof(HttpHookBreakerOptions.MinimumThroughput),
            Values.Number(2, 100_000),
            o => o.MinimumThroughput,
            (o, v) => o.MinimumThroughput = v)
        .Value(
            nameof(HttpHookBreakerOptions.SamplingDuration),
            Values.Seconds(0.5, 600),
            o => o.SamplingDuration,
            (o, v) => o.SamplingDuration = v)
        .Value(nameof(HttpHookBreakerOptions.BreakDuration), Values.Seconds(0.5, 600), o => o.BreakDuration, (o, v) => o.BreakDuration = v);

    public static SettingTable<HttpHookOptions> Table { get; } = new SettingTable<HttpHookOptions>()
        .Value(
            nameof(HttpHookOptions.Url), Values.Text("an address, for example https://app.example.com/sip"), o => o.Url, (o, v) => o.Url = v)
        .Value(nameof(HttpHookOptions.Secret), Values.OptionalText, o => o.Secret, (o, v) => o.Secret = v)
        .Secret()
        .Add(new PairsSetting<HttpHookOptions>(nameof(HttpHookOptions.Headers), o => o.Headers))
        .Secret()
        .Value(nameof(HttpHookOptions.AllowPlainHttp), Values.Switch, o => o.AllowPlainHttp, (o, v) => o.AllowPlainHttp = v)
        .Many(nameof(HttpHookOptions.AllowedNetworks), Values.Network, o => o.AllowedNetworks)
        .Value(nameof(HttpHookOptions.AttemptTimeout), Values.Seconds(0.05, 50), o => o.AttemptTimeout, (o, v) => o.AttemptTimeout = v)
        .Value(nameof(HttpHookOptions.TotalTimeout), Values.Seconds(0.05, 59), o => o.TotalTimeout, (o, v) => o.TotalTimeout = v)
        .Value(nameof(HttpHookOptions.InviteTimeout), Values.Seconds(0.05, 59), o => o.InviteTimeout, (o, v) => o.InviteTimeout = v)
        .Value(
            nameof(HttpHookOptions.EventTotalTimeout), Values.Seconds(0.05, 299), o => o.EventTotalTimeout, (o, v) => o.EventTotalTimeout = v)
        .Value(nameof(HttpHookOptions.MaxRetries), Values.Number(0, 10), o => o.MaxRetries, (o, v) => o.MaxRetries = v)
        .Value(nameof(HttpHookOptions.EventMaxRetries), Values.Number(0, 10), o => o.EventMaxRetries, (o, v) => o.EventMaxRetries = v)
        .Value(nameof(HttpHookOptions.RetryDelay), Values.Milliseconds(1, 10_000), o => o.RetryDelay, (o, v) => o.RetryDelay = v)
        .Value(nameof(HttpHookOptions.MaxConnections), Values.Number(1, 10_000), o => o.MaxConnections, (o, v) => o.MaxConnections = v)
        .Value(
            nameof(HttpHookOptions.MaxInviteConnections),
            Values.Number(1, 10_000),
            o => o.MaxInviteConnections,
            (o, v) => o.MaxInviteConnections = v)
        .Group(nameof(HttpHookOptions.Breaker), Breaker, o => o.Breaker)
        .Value(nameof(HttpHookOptions.WaitTimeout), Values.OptionalSeconds(1, 600), o => o.WaitTimeout, (o, v) => o.WaitTimeout = v)
        .Value(nameof(HttpHookOptions.EarlyMedia), Values.Switch, o => o.EarlyMedia, (o, v) => o.EarlyMedia = v)
        .Value(nameof(HttpHookOptions.InviteDetails), Values.Switch, o => o.InviteDetails, (o, v) => o.InviteDetails = v)
        .Value(
            nameof(HttpHookOptions.InviteFallbackStatus),
            Values.Number(400, 699),
            o => o.InviteFallbackStatus,
            (o, v) => o.InviteFallbackStatus = v)
        .Value(nameof(HttpHookOptions.TellRefreshes), Values.Switch, o => o.TellRefreshes, (o, v) => o.TellRefreshes = v)
        .Value(nameof(HttpHookOptions.CallEvents), Values.Switch, o => o.CallEvents, (o, v) => o.CallEvents = v)
        .Value(nameof(HttpHookOptions.RoomEvents), Values.Switch, o => o.RoomEvents, (o, v) => o.RoomEvents = v);
}
