using Atm0s.Sip.Configuration.Formats;
using Atm0s.Sip.Core.Parsing;
using Atm0s.Sip.Core.Transactions;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Server;

namespace Atm0s.Sip.Configuration.Tables;

/// <summary>Settings of <see cref="SipServerOptions"/>: everything that a configuration can set.</summary>
internal static class ServerSettings
{
    public static SettingTable<SipServerOptions> Table { get; } = new SettingTable<SipServerOptions>()
        .Add(new ItemsSetting<SipServerOptions, SipListenerOptions>(
            nameof(SipServerOptions.Listeners), ListenerSettings.Table, o => o.Listeners)
        {
            New = static _ => new SipListenerOptions(),
            Read = ListenerSettings.SetUri,
            Text = Values.ListenUri,
        })
        .Group(nameof(SipServerOptions.Tls), TlsSettings.Table, o => o.Tls)
        .Value(nameof(SipServerOptions.Realm), Values.Text("a text, for example sip.example.com"), o => o.Realm, (o, v) => o.Realm = v)
        .Value(nameof(SipServerOptions.Domain), Values.OptionalText, o => o.Domain, (o, v) => o.Domain = v)
        .Many(nameof(SipServerOptions.Domains), Values.Text("a host name, for example sip.example.com"), o => o.Domains)
        .Many(nameof(SipServerOptions.LocalNetworks), Values.Network, o => o.LocalNetworks)
        .Group(nameof(SipServerOptions.Sounds), SoundSettings.Table, o => o.Sounds)
        .Group(nameof(SipServerOptions.Registrar), RegistrarSettings.Table, o => o.Registrar)
        .Group(nameof(SipServerOptions.Authentication), AuthenticationSettings.Table, o => o.Authentication)
        .Add(new AccessSetting())
        .Group(nameof(SipServerOptions.Defence), DefenceSettings.Table, o => o.Defence)
        .Add(new ItemsSetting<SipServerOptions, TrunkOptions>(nameof(SipServerOptions.Trunks), TrunkSettings.Table, o => o.Trunks)
        {
            New = static key => new TrunkOptions { Name = key.All(char.IsAsciiDigit) ? "" : key, Server = "" },
            Read = static (trunk, text) => trunk with { Server = text.Trim() },
            Text = Values.Text("an address, for example sip:pbx.example.com:5060;transport=tcp"),
            AreNamed = true,
            ProblemOf = SipServerOptionsValidator.TrunkProblem,
        })
        .Elsewhere()
        .Group(nameof(SipServerOptions.Calls), CallSettings.Table, o => o.Calls)
        .Group(nameof(SipServerOptions.Media), MediaSettings.Table, o => o.Media)
        .Value(nameof(SipServerOptions.HandlerTimeout), Values.Seconds(0.1, 60), o => o.HandlerTimeout, (o, v) => o.HandlerTimeout = v)
        .Live()
        .Value(nameof(SipServerOptions.ObserverTimeout), Values.Seconds(0.1, 300), o => o.ObserverTimeout, (o, v) => o.ObserverTimeout = v)
        .Value(
            nameof(SipServerOptions.MaxConcurrentHooks),
            Values.Number(1, 1_000_000),
            o => o.MaxConcurrentHooks,
            (o, v) => o.MaxConcurrentHooks = v)
        .Live()
        .Value(
            nameof(SipServerOptions.MaxHandlerThreads),
            Values.Number(2, 1024),
            o => o.MaxHandlerThreads,
            (o, v) => o.MaxHandlerThreads = v)
        .Value(
            nameof(SipServerOptions.NonBlockingHandlerLimit),
            Values.Milliseconds(1, 10_000),
            o => o.NonBlockingHandlerLimit,
            (o, v) => o.NonBlockingHandlerLimit = v)
        .Value(
            nameof(SipServerOptions.MaxWaitingEvents),
            Values.Number(100, 10_000_000),
            o => o.MaxWaitingEvents,
            (o, v) => o.MaxWaitingEvents = v)
        .Value(
            nameof(SipServerOptions.WaitForCallsToEnd),
            Values.Seconds(0, 86_400, endless: true),
            o => o.WaitForCallsToEnd,
            (o, v) => o.WaitForCallsToEnd = v)
        .Live()
        .Value(nameof(SipServerOptions.StopTimeout), Values.Seconds(0, 60), o => o.StopTimeout, (o, v) => o.StopTimeout = v)
        .Live()
        .Value(nameof(SipServerOptions.Product), Values.OptionalText, o => o.Product, (o, v) => o.Product = v)
        .Value(nameof(SipServerOptions.ShardCount), Values.Number(1, 256), o => o.ShardCount, (o, v) => o.ShardCount = v)
        .Value(
            nameof(SipServerOptions.MaxTransactions),
            Values.Number(100, 10_000_000),
            o => o.MaxTransactions,
            (o, v) => o.MaxTransactions = v)
        .Value(
            nameof(SipServerOptions.MaxTransactionBytes),
            Values.Size(1024 * 1024, 1024 * 1024 * 1024),
            o => o.MaxTransactionBytes,
            (o, v) => o.MaxTransactionBytes = v)
        .Value(nameof(SipServerOptions.QueueCapacity), Values.Number(16, 1_000_000), o => o.QueueCapacity, (o, v) => o.QueueCapacity = v)
        .Value(
            nameof(SipServerOptions.MaxQueueTime), Values.Seconds(0, 10, endless: true), o => o.MaxQueueTime, (o, v) => o.MaxQueueTime = v)
        .Add(new GroupSetting<SipServerOptions, SipLimits>(
            nameof(SipServerOptions.Limits), LimitSettings.Table, o => o.Limits, static (o, limits) =>
            {
                o.Limits = limits;
                return o;
            }))
        .Add(new GroupSetting<SipServerOptions, SipTimers>(
            nameof(SipServerOptions.Timers), TimerSettings.Table, o => o.Timers, static (o, timers) =>
            {
                o.Timers = timers;
                return o;
            }));

    /// <summary>The path of every setting, for example <c>Calls:MaxCalls</c>.</summary>
    public static IReadOnlyList<string> Paths => field ??= [.. PathsOf(Table.Describe(new SipServerOptions()), "")];

    private static IEnumerable<string> PathsOf(IReadOnlyList<SettingShape> shapes, string above)
    {
        foreach (var shape in shapes)
        {
            yield return above + shape.Name;
            foreach (var path in PathsOf(shape.Children, $"{above}{shape.Name}:{(shape.IsList ? "0:" : "")}"))
                yield return path;
        }
    }
}
