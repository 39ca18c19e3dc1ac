using Atm0s.Sip.Dashboard.Tests.Hosts;
using Atm0s.Sip.Dashboard.Tests.Http;
using Microsoft.Playwright;

namespace Atm0s.Sip.Dashboard.Tests.Browser;

/// <summary>Takes the pictures of the README: <c>dotnet test --filter Screenshots</c>, with their folder in <c>SCREENSHOTS</c>.</summary>
[Explicit]
public sealed class Screenshots
{
    [Test]
    public async Task OfALivelyScene_AreTaken()
    {
        var folder = Environment.GetEnvironmentVariable("SCREENSHOTS") ?? TestContext.CurrentContext.WorkDirectory;
        await using var host = await Scene.StartAsync();
        // Somebody looks all the while, so that the curves are whole.
        using var watcher = await LiveStream.OpenAsync(host);
        _ = DrainAsync(watcher);
        await Task.Delay(TimeSpan.FromSeconds(20));
        await TakeAsync(host, folder, "dashboard-light", ColorScheme.Light, 1520, 950, "calls", "otto");
        await TakeAsync(host, folder, "dashboard-dark", ColorScheme.Dark, 1280, 800, "rooms", null);
        await TakeAsync(host, folder, "dashboard-phone", ColorScheme.Light, 390, 780, "rooms", null);
    }

    private static async Task DrainAsync(LiveStream watcher)
    {
        while (await watcher.NextAsync() is not null)
        {
        }
    }

    private static async Task TakeAsync(
        DashboardHost host, string folder, string name, ColorScheme scheme, int width, int height, string view, string? open)
    {
        await using var context = await Chromium.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = scheme, ViewportSize = new ViewportSize { Width = width, Height = height },
        });
        var page = await context.NewPageAsync();
        page.Console += (_, message) => TestContext.Out.WriteLine(message.Text);
        page.PageError += (_, error) => TestContext.Out.WriteLine(error);
        await page.GotoAsync($"{host.Page}#{view}");
        await page.WaitForTimeoutAsync(8_000);
        if (open is not null)
        {
            await page.Locator(".grid-row").Filter(new LocatorFilterOptions { HasText = open }).First.ClickAsync();
            await page.Locator("#detail .step").First.WaitForAsync();
        }

        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png") });
    }
}
