using System.Collections.Concurrent;
using System.Net;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Hooks.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.WebSockets.Tests.Hosts;

/// <summary>A web server on 127.0.0.1 with a SIP server that trusts this machine: callers join the room of the number they call.</summary>
internal sealed class SipHost : IAsyncDisposable, IRegistrationObserver
{
    private readonly WebApplication _app;

    private SipHost(WebApplication app) => _app = app;

    public SipServer Server => _app.Services.GetRequiredService<SipServer>();

    public IServiceProvider Services => _app.Services;

    public int Port { get; private set; }

    public Uri Uri => new($"ws://127.0.0.1:{Port}/sip");

    /// <summary>Registrations that ended, with the reason.</summary>
    public ConcurrentQueue<UnregisterReason> Ended { get; } = new();

    public static async Task<SipHost> StartAsync(
        Action<SipWebSocketOptions>? configure = null,
        TimeProvider? time = null,
        Action<WebApplication>? also = null,
        ILoggerProvider? log = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        if (log is not null)
            builder.Logging.AddProvider(log);
        if (time is not null)
            builder.Services.AddSingleton(time);
        var box = new SipHost[1];
        builder.Services
            .AddSipServer(sip =>
            {
                sip.Listen("udp://127.0.0.1:0");
                sip.Access.Trust(["127.0.0.0/8"]);
                sip.Realm = "sip.test";
                sip.Media.Timeout = TimeSpan.Zero;
            })
            .AddAuthProvider(new NobodyKnown())
            .AddInviteHandler(InviteHandlers.From(invite => InviteDecision.JoinRoom(invite.To)))
            .AddRegistrationObserver(new Relay(box));
        if (configure is not null)
            builder.Services.Configure(configure);
        var app = builder.Build();
        also?.Invoke(app);
        app.UseRouting();
        app.MapSipWebSocket();
        box[0] = new SipHost(app);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        box[0].Port = new Uri(address).Port;
        return box[0];
    }

    public ValueTask OnRegisteredAsync(RegistrationInfo registration, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask OnUnregisteredAsync(RegistrationInfo registration, UnregisterReason reason, CancellationToken cancellationToken)
    {
        Ended.Enqueue(reason);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private sealed class NobodyKnown : IAuthProvider
    {
        public ValueTask<AuthDecision> AuthorizeAsync(AuthRequest request, CancellationToken cancellationToken) =>
            ValueTask.FromResult(AuthDecision.Unknown);
    }

    private sealed class Relay(SipHost[] box) : IRegistrationObserver
    {
        public ValueTask OnRegisteredAsync(RegistrationInfo registration, CancellationToken cancellationToken) =>
            box[0].OnRegisteredAsync(registration, cancellationToken);

        public ValueTask OnUnregisteredAsync(RegistrationInfo registration, UnregisterReason reason, CancellationToken cancellationToken) =>
            box[0].OnUnregisteredAsync(registration, reason, cancellationToken);
    }
}
