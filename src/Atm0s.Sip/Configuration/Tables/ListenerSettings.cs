using Atm0s.Sip.Configuration.Formats;
using Atm0s.Sip.Core.Transport;
using Atm0s.Sip.Hooks.Routing;

namespace Atm0s.Sip.Configuration.Tables;

/// <summary>Settings of <see cref="SipListenerOptions"/>.</summary>
internal static class ListenerSettings
{
    public static SettingTable<SipListenerOptions> Table { get; } = new SettingTable<SipListenerOptions>()
        .Value("Uri", Values.ListenUri, o => o.ToString(), SetUri)
        .Note("Where to listen, for example udp://0.0.0.0:5060, tcp://[::]:5060 or tls://0.0.0.0:5061: Protocol and EndPoint in one.")
        .Value(
            nameof(SipListenerOptions.Protocol),
            Values.Choice(SipTransportProtocol.Udp, SipTransportProtocol.Tcp, SipTransportProtocol.Tls),
            o => o.Protocol,
            (o, v) => o.Protocol = v)
        .Value(nameof(SipListenerOptions.EndPoint), Values.EndPoint, o => o.EndPoint, (o, v) => o.EndPoint = v)
        .Value(nameof(SipListenerOptions.AdvertisedHost), Values.OptionalText, o => o.AdvertisedHost, (o, v) => o.AdvertisedHost = v)
        .Value(
            nameof(SipListenerOptions.AdvertisedPort),
            Values.OptionalNumber(1, 65_535),
            o => o.AdvertisedPort,
            (o, v) => o.AdvertisedPort = v)
        .Add(new ListSetting<SipListenerOptions, string>(
            nameof(SipListenerOptions.LocalNetworks),
            Values.Network,
            static o => [.. o.LocalNetworks.Select(network => network.ToString())],
            static (o, networks) =>
            {
                o.LocalNetworks = NetworkSet.ParseAll(networks);
                return o;
            }))
        .Value(nameof(SipListenerOptions.ReceiveThreads), Values.Number(1, 64), o => o.ReceiveThreads, (o, v) => o.ReceiveThreads = v)
        .Value(
            nameof(SipListenerOptions.ReceiveBufferSize),
            Values.Size(4096, 1 << 30),
            o => o.ReceiveBufferSize,
            (o, v) => o.ReceiveBufferSize = v)
        .Value(
            nameof(SipListenerOptions.MaxConnections), Values.Number(1, 10_000_000), o => o.MaxConnections, (o, v) => o.MaxConnections = v)
        .Value(
            nameof(SipListenerOptions.MaxConnectionsPerAddress),
            Values.Number(1, 10_000_000),
            o => o.MaxConnectionsPerAddress,
            (o, v) => o.MaxConnectionsPerAddress = v)
        .Value(nameof(SipListenerOptions.MessageTimeout), Values.Seconds(1, 3600), o => o.MessageTimeout, (o, v) => o.MessageTimeout = v)
        .Value(
            nameof(SipListenerOptions.FirstMessageTimeout),
            Values.Seconds(1, 3600),
            o => o.FirstMessageTimeout,
            (o, v) => o.FirstMessageTimeout = v)
        .Value(nameof(SipListenerOptions.IdleTimeout), Values.Seconds(1, 86_400), o => o.IdleTimeout, (o, v) => o.IdleTimeout = v)
        .Value(nameof(SipListenerOptions.SendTimeout), Values.Seconds(1, 300), o => o.SendTimeout, (o, v) => o.SendTimeout = v)
        .Value(
            nameof(SipListenerOptions.MaxSendBytes),
            Values.Size(64 * 1024, 16 * 1024 * 1024),
            o => o.MaxSendBytes,
            (o, v) => o.MaxSendBytes = v)
        .Value(
            nameof(SipListenerOptions.MaxBufferedBytes),
            Values.LongSize(1 << 20, 1L << 34),
            o => o.MaxBufferedBytes,
            (o, v) => o.MaxBufferedBytes = v);

    /// <summary>A listener that is written as one text.</summary>
    /// <exception cref="FormatException">Says what is wrong.</exception>
    public static SipListenerOptions SetUri(SipListenerOptions listener, string uri)
    {
        var read = SipListenerOptions.Parse(uri.Trim());
        (listener.Protocol, listener.EndPoint) = (read.Protocol, read.EndPoint);
        return listener;
    }
}
