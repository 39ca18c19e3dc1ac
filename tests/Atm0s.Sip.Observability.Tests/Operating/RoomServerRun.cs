using Atm0s.Sip.TestKit.Audio;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using RoomServer;

namespace Atm0s.Sip.Observability.Tests.Operating;

/// <summary>A RoomServer in this process, with its HTTP paths, and phones that call it.</summary>
internal sealed class RoomServerRun : IAsyncDisposable
{
    private static int _ports = 43_600;

    private readonly List<SipPhone> _phones = [];

    private RoomServerRun(WebApplication app)
    {
        App = app;
        Http = new HttpClient();
    }

    public WebApplication App { get; }

    public HttpClient Http { get; }

    public SipServer Server => App.Services.GetRequiredService<SipServer>();

    public static async Task<RoomServerRun> StartAsync(params string[] more)
    {
        var first = Interlocked.Add(ref _ports, 100) - 100;
        string[] arguments =
        [
            "--listen", "udp://127.0.0.1:0", "--http", "http://127.0.0.1:0", "--demo-users", "--realm", "test.local",
            "--open-rooms", "open-", "--rtp-ports", $"{first}-{first + 49}", .. more,
        ];
        var run = new RoomServerRun((WebApplication)RoomServerHost.Create(Arguments.Parse(arguments), TextWriter.Synchronized(new StringWriter())));
        run.Http.BaseAddress = new Uri("http://127.0.0.1");
        await RoomServerHost.StartAsync(run.App);
        run.Http.BaseAddress = new Uri(run.App.Urls.First());
        return run;
    }

    public async Task<SipPhone> PhoneAsync(string user)
    {
        var first = Interlocked.Add(ref _ports, 100) - 100;
        var phone = new SipPhone(new SipPhoneOptions
        {
            Server = Server.ListenUris[0].Replace("udp://", "sip:", StringComparison.Ordinal),
            Username = user,
            Password = "pw-" + user,
            Domain = "test.local",
            Codecs = ["PCMA"],
            Audio = new ToneEndpoint(440),
            FirstMediaPort = first,
            LastMediaPort = first + 49,
        });
        _phones.Add(phone);
        await phone.StartAsync();
        return phone;
    }

    public async Task<int> StatusOfAsync(string path)
    {
        using var response = await Http.GetAsync(new Uri(path, UriKind.Relative));
        return (int)response.StatusCode;
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 1500 && !condition(); i++)
            await Task.Delay(20);
        Assert.That(condition(), Is.True);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var phone in _phones)
            await phone.DisposeAsync();
        await App.StopAsync();
        await App.DisposeAsync();
        Http.Dispose();
    }
}
