using System.Collections.Concurrent;
using Atm0s.Sip.Dashboard.Tests.Hosts;
using Microsoft.Playwright;

namespace Atm0s.Sip.Dashboard.Tests.Browser;

/// <summary>
/// The dashboard in a browser. When it is closed: no other host was asked, no key stood in an address, and no script failed or was stopped
/// by the policy.
/// </summary>
internal sealed class OpenedPage : IAsyncDisposable
{
    private readonly DashboardHost _host;
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _addresses = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private OpenedPage(DashboardHost host, IBrowserContext context, IPage page) => (_host, _context, Page) = (host, context, page);

    public IPage Page { get; }

    /// <summary>What the console said that nobody wants to read, apart from answers of the server.</summary>
    public IEnumerable<string> Errors => _errors;

    public static async Task<OpenedPage> OpenAsync(
        DashboardHost host, string view = "calls", ColorScheme scheme = ColorScheme.Light, int width = 1440, int height = 900)
    {
        var context = await Chromium.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = scheme,
            ViewportSize = new ViewportSize { Width = width, Height = height },
        });
        context.SetDefaultTimeout(20_000);
        context.SetDefaultNavigationTimeout(30_000);
        var opened = new OpenedPage(host, context, await context.NewPageAsync());
        await opened.StartAsync(view);
        return opened;
    }

    /// <summary>Goes on when the stream has begun.</summary>
    public Task IsLiveAsync() => Page.Locator("#link[data-state=live]").WaitForAsync();

    /// <summary>Waits until something is so on the page.</summary>
    public Task UntilAsync(string expression, object? argument = null) => Page.WaitForFunctionAsync(expression, argument);

    public async Task LogInAsync(string key)
    {
        await Page.FillAsync("#key", key);
        await Page.PressAsync("#key", "Enter");
    }

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        var own = _host.Page.GetLeftPart(UriPartial.Authority);
        Assert.That(_addresses, Has.All.StartsWith(own).Or.StartsWith("blob:" + own), "foreign hosts");
        Assert.That(_addresses, Has.None.Contains(DashboardHost.Key), "keys in addresses");
        Assert.That(_errors, Is.Empty);
    }

    private async Task StartAsync(string view)
    {
        Page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
                _errors.Enqueue(message.Text);
        };
        Page.PageError += (_, error) => _errors.Enqueue(error);
        Page.Request += (_, request) => _addresses.Enqueue(request.Url);
        await Page.GotoAsync($"{_host.Page}#{view}");
    }
}
