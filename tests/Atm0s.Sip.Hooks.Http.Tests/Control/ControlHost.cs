using System.Net.Http.Headers;
using System.Text;
using Atm0s.Sip.Control;
using Atm0s.Sip.TestKit.Audio;
using Atm0s.Sip.TestKit.Phones;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Atm0s.Sip.Hooks.Http.Tests.Control;

/// <summary>A SIP server with its control API, on 127.0.0.1, and a phone of the library that is registered with it.</summary>
internal sealed class ControlHost : IAsyncDisposable
{
    public const string Key = "0123456789abcdef";

    private static int _nextPort = 45_000;

    private readonly WebApplication _app;
    private readonly List<SipPhone> _phones = [];

    private ControlHost(WebApplication app) => _app = app;

    public TestHost Host { get; private init; } = null!;

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(60) };

    public Uri Url => new(_app.Urls.First());

    public SipServer Server => _app.Services.GetRequiredService<SipServer>();

    public IServiceProvider Services => _app.Services;

    public static async Task<ControlHost> StartAsync(
        Action<SipControlOptions>? configure = null,
        Action<SipServerOptions>? sip = null,
        IRoomProvider? rooms = null,
        Action<IServiceCollection>? services = null)
    {
        var host = new TestHost();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Services.AddSipControl(configure ?? (control => control.ApiKeys.Add(Key)));
        if (rooms is not null)
            builder.Services.AddSingleton(rooms);
        builder.Services.AddSipServer(options =>
        {
            options.Listen("udp://127.0.0.1:0");
            options.Realm = "test.local";
            (options.Media.FirstPort, options.Media.LastPort) = TakePorts();
            sip?.Invoke(options);
        }).AddAuthProvider(host).AddInviteHandler(host).AddCallObserver(host).AddRegistrationObserver(host);
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseWebSockets();
        app.UseRouting();
        app.MapSipControl();
        app.MapSipControlDocs();
        await app.StartAsync();
        var control = new ControlHost(app) { Host = host };
        control.Http.BaseAddress = control.Url;
        control.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        return control;
    }

    /// <summary>Registers a phone; the session id of its registration.</summary>
    public async Task<string> RegisterAsync(string user, Func<IncomingCall, CancellationToken, ValueTask<PhoneAnswer>> onCall)
    {
        var (first, last) = TakePorts();
        var phone = new SipPhone(new SipPhoneOptions
        {
            Server = $"sip:127.0.0.1:{new Uri(Server.ListenUris[0]).Port}",
            Domain = "test.local",
            Username = user,
            Password = "pw-" + user,
            Audio = new ToneEndpoint(440),
            Codecs = ["PCMA"],
            FirstMediaPort = first,
            LastMediaPort = last,
            OnIncomingCall = onCall,
        });
        _phones.Add(phone);
        await phone.StartAsync();
        Assert.That((await phone.RegisterAsync()).StatusCode, Is.EqualTo(200));
        return Server.FindRegistrations(user)[0].SessionId;
    }

    /// <summary>Sends a request with a body as it is; status and body of the answer as they are.</summary>
    public async Task<(int Status, string Body)> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public Task<(int Status, string Body)> PostAsync(string path, string body) => SendAsync(HttpMethod.Post, path, body);

    /// <summary>Waits on a condition of real sockets.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        for (var i = 0; i < 500; i++)
        {
            if (condition())
                return;
            await Task.Delay(10);
        }

        Assert.Fail($"Not in 5 s: {what}");
    }

    /// <summary>Stops the host as its end would.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        foreach (var phone in _phones)
            await phone.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static (int First, int Last) TakePorts()
    {
        var first = Interlocked.Add(ref _nextPort, 20);
        return (first, first + 19);
    }
}
