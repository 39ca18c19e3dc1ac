using System.Collections.Concurrent;
using System.Net;
using Atm0s.Sip.Hooks;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RoomServer;

namespace Atm0s.Sip.WebPhone.Tests;

/// <summary>RoomServer in this process: SIP over UDP, and over WebSocket under TLS with a certificate that it has made.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly Task _watch;

    private Server(IHost host, SipServer sip)
    {
        (_host, Sip) = (host, sip);
        Address = new Uri(host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Udp = IPEndPoint.Parse(sip.ListenUris.Single(uri => uri.StartsWith("udp://", StringComparison.Ordinal))["udp://".Length..]);
        _watch = WatchAsync();
    }

    public SipServer Sip { get; }

    /// <summary>Where its pages are.</summary>
    public Uri Address { get; }

    public IPEndPoint Udp { get; }

    /// <summary>Keys that phones have pressed.</summary>
    public ConcurrentQueue<char> Digits { get; } = new();

    public static async Task<Server> StartAsync()
    {
        var host = RoomServerHost.Create(
            Arguments.Parse(
            [
                "--listen", "udp://127.0.0.1:0", "--demo-users", "--open-rooms", "conf", "--http", "https://127.0.0.1:0", "--self-signed",
            ]),
            TextWriter.Null);
        return new Server(host, await RoomServerHost.StartAsync(host));
    }

    /// <summary>The call of a user or number, once it is answered.</summary>
    public async Task<ISipCall> AnsweredAsync(string who)
    {
        ISipCall? found = null;
        await Until.TrueAsync(
            () => (found = Sip.Calls.FirstOrDefault(call => call.State == CallState.Answered
                && (call.Info.Username == who || call.Info.From == who))) is not null,
            $"a call of {who} is up");
        return found!;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await _watch;
        _host.Dispose();
    }

    // Until the server stops.
    private async Task WatchAsync()
    {
        await foreach (var what in Sip.WatchAsync())
        {
            if (what is SipServerEvent.Call { Event: CallEvent.DtmfReceived pressed })
                Digits.Enqueue(pressed.Digit);
        }
    }
}
