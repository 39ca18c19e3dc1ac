using System.Net.Http.Headers;
using System.Text;
using Atm0s.Sip.Control;
using Atm0s.Sip.TestKit.Audio;
using Atm0s.Sip.TestKit.Phones;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Atm0s.Sip.Dashboard.Tests.Hosts;

/// <summary>A SIP server with its dashboard, on 127.0.0.1, and phones of the library that are registered with it.</summary>
internal sealed class DashboardHost : IAsyncDisposable
{
    public const string Key = "0123456789abcdef";

    private static int _nextPort = 46_000;

    private readonly WebApplication _app;
    private readonly Dictionary<string, SipPhone> _phones = new(StringComparer.Ordinal);

    private DashboardHost(WebApplication app) => _app = app;

    public required TestHost Host { get; init; }

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Address of the page.</summary>
    public Uri Page => new(new Uri(_app.Urls.First()), "/sip/dashboard/");

    public SipServer Server => _app.Services.GetRequiredService<SipServer>();

    /// <param name="keyed">Whether a key is wanted.</param>
    /// <param name="dashboard">Sets options of the dashboard.</param>
    /// <param name="sip">Sets options of the server.</param>
    /// <param name="server">Is looked at in place of a server; null takes a real one.</param>
    public static async Task<DashboardHost> StartAsync(
        bool keyed = false, Action<SipDashboardOptions>? dashboard = null, Action<SipServerOptions>? sip = null, ISipServer? server = null)
    {
        var host = new TestHost();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Services.AddSipControl(control =>
        {
            if (keyed)
                control.ApiKeys.Add(Key);
            control.AllowAnonymous = !keyed;
        });
        if (dashboard is not null)
            builder.Services.Configure(dashboard);
        if (server is not null)
            builder.Services.AddSingleton(server);
        else
            AddServer(builder.Services, host, sip);
        var app = builder.Build();
        app.UseRouting();
        app.MapSipDashboard();
        await app.StartAsync();
        var started = new DashboardHost(app) { Host = host };
        started.Http.BaseAddress = started.Page;
        if (keyed)
            started.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        return started;
    }

    /// <summary>Registers a phone that takes calls.</summary>
    public async Task<SipPhone> AddPhoneAsync(
        string user, ToneEndpoint? audio = null, Func<IncomingCall, CancellationToken, ValueTask<PhoneAnswer>>? onCall = null)
    {
        var (first, last) = TakePorts(8);
        var phone = new SipPhone(new SipPhoneOptions
        {
            Server = $"sip:127.0.0.1:{new Uri(Server.ListenUris[0]).Port}",
            Domain = "test.local",
            Username = user,
            Password = "pw-" + user,
            Audio = audio ?? new ToneEndpoint(440),
            Codecs = ["PCMA"],
            FirstMediaPort = first,
            LastMediaPort = last,
            OnIncomingCall = onCall ?? (static (_, _) => ValueTask.FromResult(PhoneAnswer.Accept)),
        });
        _phones.Add(user, phone);
        await phone.StartAsync();
        Assert.That((await phone.RegisterAsync()).StatusCode, Is.EqualTo(200));
        return phone;
    }

    /// <summary>Sends a request below the page.</summary>
    public async Task<(int Status, string Body)> SendAsync(
        HttpMethod method, string path, string? body = null, params (string, string)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

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
        foreach (var phone in _phones.Values)
            await phone.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static void AddServer(IServiceCollection services, TestHost host, Action<SipServerOptions>? configure) =>
        services.AddSipServer(options =>
        {
            options.Listen("udp://127.0.0.1:0");
            options.Realm = "test.local";
            (options.Media.FirstPort, options.Media.LastPort) = TakePorts(60);
            configure?.Invoke(options);
        }).AddAuthProvider(host).AddInviteHandler(host).AddCallObserver(host).AddRegistrationObserver(host);

    private static (int First, int Last) TakePorts(int count)
    {
        var last = Interlocked.Add(ref _nextPort, count) - 1;
        return (last - count + 1, last);
    }
}
