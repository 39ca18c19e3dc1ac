using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Atm0s.Sip.WebSockets.Metering;

/// <summary>Puts itself between a request's connection and the WebSocket that it becomes.</summary>
/// <param name="now">The time since the program's start.</param>
#pragma warning disable CA1001 // What it counts is the host's, which disposes of it at the end of the request.
internal sealed class ByteMeter(Func<TimeSpan> now) : IHttpUpgradeFeature, IHttpExtendedConnectFeature
#pragma warning restore CA1001
{
    private IHttpUpgradeFeature? _upgrade;
    private IHttpExtendedConnectFeature? _connect;
    private MeteredStream? _stream;

    bool IHttpUpgradeFeature.IsUpgradableRequest => _upgrade!.IsUpgradableRequest;

    bool IHttpExtendedConnectFeature.IsExtendedConnect => _connect!.IsExtendedConnect;

    string? IHttpExtendedConnectFeature.Protocol => _connect!.Protocol;

    /// <summary>
    /// Takes its place in a request. Where the host's server knows neither way to a WebSocket, as that of a test, nothing is counted.
    /// </summary>
    public void Attach(HttpContext context)
    {
        var features = context.Features;
        _upgrade = features.Get<IHttpUpgradeFeature>();
        _connect = features.Get<IHttpExtendedConnectFeature>();
        if (_upgrade is null && _connect is null)
            return;
        // The host may have UseWebSockets: its feature has the connection already.
        features.Set<IHttpWebSocketFeature>(null);
        if (_upgrade is not null)
            features.Set<IHttpUpgradeFeature>(this);
        if (_connect is not null)
            features.Set<IHttpExtendedConnectFeature>(this);
    }

    /// <summary>So many of the bytes were of a message.</summary>
    public void OnMessageBytes(int bytes) => _stream?.OnMessageBytes(bytes);

    /// <summary>Lets the peer read what it was sent last.</summary>
    public Task DrainAsync(int maxBytes, CancellationToken limit) => _stream?.DrainAsync(maxBytes, limit) ?? Task.CompletedTask;

    async Task<Stream> IHttpUpgradeFeature.UpgradeAsync() =>
        _stream = new MeteredStream(await _upgrade!.UpgradeAsync().ConfigureAwait(false), now);

    async ValueTask<Stream> IHttpExtendedConnectFeature.AcceptAsync() =>
        _stream = new MeteredStream(await _connect!.AcceptAsync().ConfigureAwait(false), now);
}
