using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Atm0s.Sip.Hooks.Http.Tests.Client;

/// <summary>The handlers of a host that asks a hook server, without the SIP server that would call them.</summary>
internal sealed class Hooked : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly AsyncServiceScope _scope;

    private Hooked(IHost host)
    {
        _host = host;
        _scope = host.Services.CreateAsyncScope();
    }

    public CapturedLog Log { get; private init; } = null!;

    public IAuthProvider Auth => _scope.ServiceProvider.GetRequiredService<IAuthProvider>();

    public IInviteHandler Invite => _scope.ServiceProvider.GetRequiredService<IInviteHandler>();

    public IRegistrationObserver Registrations => _scope.ServiceProvider.GetRequiredService<IRegistrationObserver>();

    public ICallObserver Calls => _scope.ServiceProvider.GetRequiredService<ICallObserver>();

    public static async Task<Hooked> StartAsync(
        string url, Action<HttpHookOptions>? configure = null, Action<IServiceCollection>? services = null)
    {
        var log = new CapturedLog();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace);
        services?.Invoke(builder.Services);
        builder.Services.AddSipServer(sip => sip.Listen("udp://127.0.0.1:0")).AddHttpHooks(hooks =>
        {
            hooks.Url = url;
            hooks.RetryDelay = TimeSpan.FromMilliseconds(10);
            configure?.Invoke(hooks);
        });
        var host = builder.Build();
        await host.StartAsync();
        return new Hooked(host) { Log = log };
    }

    public static InviteRequest Call(string callId = "c0ffee") => new()
    {
        CallId = callId,
        SipCallId = "abc@phone",
        From = "alice",
        To = "+84900",
        FromUri = "sip:alice@test.local",
        ToUri = "sip:+84900@test.local",
        RequestUri = "sip:+84900@test.local",
        Username = "alice",
        Source = new IPEndPoint(IPAddress.Parse("192.0.2.7"), 5062),
        OfferedCodecs = ["PCMA"],
        Headers = [],
    };

    public static AuthRequest Login(string algorithm = "MD5") => new()
    {
        Username = "alice", Realm = "test.local", Algorithm = algorithm, Method = "REGISTER", SessionId = "s1",
            Source = new IPEndPoint(IPAddress.Loopback, 5062),
    };

    public ValueTask<InviteDecision> InviteAsync(string callId = "c0ffee") =>
        Invite.HandleInviteAsync(Call(callId), CancellationToken.None);

    public ValueTask<AuthDecision> AuthorizeAsync() => Auth.AuthorizeAsync(Login(), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _scope.DisposeAsync();
        await _host.StopAsync();
        _host.Dispose();
    }
}
