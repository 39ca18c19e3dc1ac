using Atm0s.Sip.Configuration;
using Atm0s.Sip.Configuration.Formats;

namespace Atm0s.Sip.WebSockets;

/// <summary>Settings of <see cref="SipWebSocketOptions"/>.</summary>
internal static class WebSocketSettings
{
    public static SettingTable<SipWebSocketOptions> Table { get; } = new SettingTable<SipWebSocketOptions>()
        .Many(
            nameof(SipWebSocketOptions.AllowedOrigins),
            Values.Text("scheme, host and port alone, for example https://phone.example.com"),
            o => o.AllowedOrigins)
        .Value(
            nameof(SipWebSocketOptions.MaxConnections), Values.Number(1, 1_000_000), o => o.MaxConnections, (o, v) => o.MaxConnections = v)
        .Value(
            nameof(SipWebSocketOptions.MaxConnectionsPerAddress),
            Values.Number(1, 1_000_000),
            o => o.MaxConnectionsPerAddress,
            (o, v) => o.MaxConnectionsPerAddress = v)
        .Value(
            nameof(SipWebSocketOptions.FirstMessageTimeout),
            Values.Seconds(1, 600),
            o => o.FirstMessageTimeout,
            (o, v) => o.FirstMessageTimeout = v)
        .Value(nameof(SipWebSocketOptions.IdleTimeout), Values.Seconds(1, 86_400), o => o.IdleTimeout, (o, v) => o.IdleTimeout = v)
        .Value(nameof(SipWebSocketOptions.MessageTimeout), Values.Seconds(1, 300), o => o.MessageTimeout, (o, v) => o.MessageTimeout = v)
        .Value(nameof(SipWebSocketOptions.SendTimeout), Values.Seconds(1, 300), o => o.SendTimeout, (o, v) => o.SendTimeout = v)
        .Value(
            nameof(SipWebSocketOptions.KeepAliveInterval),
            Values.Seconds(1, 3600),
            o => o.KeepAliveInterval,
            (o, v) => o.KeepAliveInterval = v)
        .Value(
            nameof(SipWebSocketOptions.KeepAliveTimeout), Values.Seconds(1, 300), o => o.KeepAliveTimeout, (o, v) => o.KeepAliveTimeout = v)
        .Value(nameof(SipWebSocketOptions.MaxSendBytes), Values.Size(64 * 1024, 1 << 24), o => o.MaxSendBytes, (o, v) => o.MaxSendBytes = v)
        .Value(
            nameof(SipWebSocketOptions.MaxBufferedBytes),
            Values.LongSize(1 << 20, 1L << 34),
            o => o.MaxBufferedBytes,
            (o, v) => o.MaxBufferedBytes = v)
        .Value(nameof(SipWebSocketOptions.AdvertisedHost), Values.OptionalText, o => o.AdvertisedHost, (o, v) => o.AdvertisedHost = v);
}
