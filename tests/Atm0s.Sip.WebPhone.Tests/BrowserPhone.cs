using System.Text.Json;
using Microsoft.Playwright;

namespace Atm0s.Sip.WebPhone.Tests;

/// <summary>A page with one of the libraries on it.</summary>
internal sealed class BrowserPhone : IAsyncDisposable
{
    private readonly string _user;
    private readonly Server _server;

    private BrowserPhone(IPage page, string user, Server server) => (Page, _user, _server) = (page, user, server);

    public IPage Page { get; }

    /// <summary>Opens it and registers.</summary>
    public static async Task<BrowserPhone> StartAsync(Server server, string library, string user, double hz, IBrowserContext? context = null)
    {
        context ??= await (await Browsers.WithToneAsync(hz)).NewContextAsync(
            new BrowserNewContextOptions { IgnoreHTTPSErrors = true, BypassCSP = true, Permissions = ["microphone"] });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        page.Console += (_, message) => TestContext.Out.WriteLine($"{user}: {message.Text}");
        page.PageError += (_, error) => TestContext.Out.WriteLine($"{user}: {error}");
        // A page of the server's own: its origin may connect, and a page that comes from nowhere may not ask this machine. The phone's script
        // goes into it past its content security policy.
        await page.GotoAsync(server.Address.ToString());
        await page.AddScriptTagAsync(new PageAddScriptTagOptions { Content = Browsers.Script(library) });
        var phone = new BrowserPhone(page, user, server);
        await page.EvaluateAsync(
            "wanted => phone.start(wanted)",
            new { server = $"wss://{server.Address.Authority}/sip", user, password = $"pw-{user}", domain = server.Address.Host });
        Assert.That(server.Sip.FindRegistrations(user), Is.Not.Empty);
        return phone;
    }

    public Task CallAsync(string number) => Page.EvaluateAsync("target => phone.call(target)", $"sip:{number}@{_server.Address.Host}");

    public Task HangUpAsync() => Page.EvaluateAsync("phone.hangUp()");

    public Task PressAsync(char key) => Page.EvaluateAsync("key => { phone.press(key); }", key.ToString());

    public Task MuteAsync(bool muted) => Page.EvaluateAsync("muted => { phone.mute(muted); }", muted);

    public Task<int> EndedAsync() => Page.EvaluateAsync<int>("phone.ended");

    /// <summary>Waits until it hears a tone above all else.</summary>
    public async Task<Heard> HearsAsync(double hz)
    {
        await Page.WaitForFunctionAsync("() => phone.connection()?.connectionState === 'connected'");
        Heard? heard = null;
        for (var i = 0; i < 12; i++)
        {
            heard = await HearAsync();
            if (Math.Abs(heard.Hz - hz) < 8 && heard.Level > -60)
                return heard;
        }

        Assert.Fail($"{_user} heard {heard}, not {hz} Hz");
        return heard!;
    }

    /// <summary>Waits until it hears nothing.</summary>
    public Task HearsNothingAsync() => Until.TrueAsync(
        async () => (await HearAsync()).Level < -80, $"{_user} hears nothing");

    private async Task<Heard> HearAsync() => JsonSerializer.Deserialize<Heard>(
        await Page.EvaluateAsync<string>("phone.hear().then(JSON.stringify)"), JsonSerializerOptions.Web)!;

    public async ValueTask DisposeAsync() => await Page.CloseAsync();
}
