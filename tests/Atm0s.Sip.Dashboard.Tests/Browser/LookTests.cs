using Atm0s.Sip.Dashboard.Tests.Hosts;
using Microsoft.Playwright;

namespace Atm0s.Sip.Dashboard.Tests.Browser;

/// <summary>Dark and light, large and small, readable in each.</summary>
public sealed class LookTests
{
    private static readonly string[] Views = ["calls", "rooms", "phones", "trunks", "ended", "health"];

    [TestCase(360, 640)]
    [TestCase(390, 844)]
    [TestCase(768, 1024)]
    [TestCase(1100, 700)]
    public async Task SmallScreen_ScrollsInOneDirectionOnly(int width, int height)
    {
        await using var host = await DashboardHost.StartAsync(server: NewServer());
        await using var opened = await OpenedPage.OpenAsync(host, width: width, height: height);
        await opened.IsLiveAsync();
        await opened.Page.Locator(".grid-row").First.WaitForAsync();
        const string beyond = """
            () => [...document.querySelectorAll('#app *, dialog *')].filter(each => {
              if (!each.checkVisibility() || each.closest('.skip, svg, .visually-hidden')) return false;
              const box = each.getBoundingClientRect();
              return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1);
            }).map(each => `${each.tagName}.${each.className} ${each.textContent.slice(0, 20)}`).slice(0, 5)
              .concat(document.scrollingElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [])
            """;
        foreach (var view in Views)
        {
            await opened.Page.EvaluateAsync("view => { location.hash = view; }", view);
            await opened.Page.Locator($"nav a[data-view={view}][aria-current]").WaitForAsync();
            Assert.That(await opened.Page.EvaluateAsync<string[]>(beyond), Is.Empty, view);
        }

        await opened.Page.EvaluateAsync("() => { location.hash = 'calls'; }");
        await opened.Page.Locator(".grid-row").First.ClickAsync();
        await opened.Page.Locator("#detail h2").WaitForAsync();
        Assert.That(await opened.Page.EvaluateAsync<string[]>(beyond), Is.Empty, "opened call");
        await opened.Page.Keyboard.PressAsync("n");
        await opened.Page.Locator("dialog").WaitForAsync();
        Assert.That(await opened.Page.EvaluateAsync<string[]>(beyond), Is.Empty, "form");
    }

    [Test]
    public async Task Colours_FollowTheSystem_AndTheSwitch()
    {
        await using var host = await DashboardHost.StartAsync(server: NewServer());
        await using var opened = await OpenedPage.OpenAsync(host, scheme: ColorScheme.Dark);
        await opened.IsLiveAsync();
        Assert.That(await IsDarkAsync(opened.Page), Is.True);
        await opened.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
        await opened.UntilAsync("() => document.documentElement.dataset.theme === 'light'");
        Assert.That(await IsDarkAsync(opened.Page), Is.False);
        await opened.Page.ClickAsync("#theme");
        Assert.That(await IsDarkAsync(opened.Page), Is.True);
        await opened.Page.ReloadAsync();
        await opened.IsLiveAsync();
        Assert.That(await IsDarkAsync(opened.Page), Is.True);
        await opened.Page.Keyboard.PressAsync("t");
        Assert.That(await IsDarkAsync(opened.Page), Is.False);
    }

    // WCAG 2.2, 1.4.3
    [TestCase(ColorScheme.Light)]
    [TestCase(ColorScheme.Dark)]
    public async Task Texts_HaveContrast(ColorScheme scheme)
    {
        await using var host = await DashboardHost.StartAsync(server: NewServer());
        await using var opened = await OpenedPage.OpenAsync(host, scheme: scheme);
        await opened.IsLiveAsync();
        const string faint = """
            () => {
              const pen = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
              const rgba = colour => {
                pen.clearRect(0, 0, 1, 1);
                pen.fillStyle = colour;
                pen.fillRect(0, 0, 1, 1);
                return [...pen.getImageData(0, 0, 1, 1).data];
              };
              const light = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
                .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
              const ground = element => {
                for (let at = element; at; at = at.parentElement) {
                  const c = rgba(getComputedStyle(at).backgroundColor);
                  if (c[3] > 200) return c;
                }
                return [255, 255, 255];
              };
              const found = [];
              for (const each of document.querySelectorAll('#app *, dialog *')) {
                if (!each.checkVisibility() || each.disabled || each.closest('.skip, .visually-hidden, [aria-hidden=true]')) continue;
                if (![...each.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue;
                const [a, b] = [light(rgba(getComputedStyle(each).color)), light(ground(each))].sort((x, y) => y - x);
                const ratio = (a + 0.05) / (b + 0.05);
                if (ratio < 4.5) found.push(`${each.tagName}.${each.className} "${each.textContent.slice(0, 20)}" ${ratio.toFixed(2)}`);
              }
              return found;
            }
            """;
        foreach (var view in Views)
        {
            await opened.Page.EvaluateAsync("view => { location.hash = view; }", view);
            await opened.Page.Locator($"nav a[data-view={view}][aria-current]").WaitForAsync();
            await opened.UntilAsync("() => document.getElementById('view').childElementCount > 0");
            Assert.That(await opened.Page.EvaluateAsync<string[]>(faint), Is.Empty, view);
        }

        await opened.Page.Keyboard.PressAsync("?");
        Assert.That(await opened.Page.EvaluateAsync<string[]>(faint), Is.Empty, "shortcuts");
    }

    [Test]
    public async Task MarkupOfAStranger_IsText()
    {
        var server = new FakeServer(0);
        server.Add(new FakeCall(1, "room", "<img src=x onerror=alert(1)>"));
        await using var host = await DashboardHost.StartAsync(server: server);
        await using var opened = await OpenedPage.OpenAsync(host);
        await opened.IsLiveAsync();
        await Assertions.Expect(opened.Page.Locator(".grid-row .who")).ToContainTextAsync("<img src=x onerror=alert(1)>");
        Assert.That(await opened.Page.Locator(".grid-row img").CountAsync(), Is.Zero);
    }

    [Test]
    public async Task Roles_AreThere_ForWhoListens()
    {
        await using var host = await DashboardHost.StartAsync(server: NewServer());
        await using var opened = await OpenedPage.OpenAsync(host);
        await opened.IsLiveAsync();
        var grid = opened.Page.GetByRole(AriaRole.Grid, new PageGetByRoleOptions { Name = "Live calls" });
        await Assertions.Expect(grid).ToHaveAttributeAsync("aria-rowcount", "40");
        var row = new PageGetByRoleOptions { Name = "Outgoing call from +4930100039 to room9, Talking, room room9" };
        await Assertions.Expect(opened.Page.GetByRole(AriaRole.Row, row)).ToHaveCountAsync(1);
        await Assertions.Expect(opened.Page.GetByRole(AriaRole.Navigation, new PageGetByRoleOptions { Name = "Views" })).ToBeVisibleAsync();
        await Assertions.Expect(opened.Page.GetByRole(AriaRole.Searchbox)).ToBeVisibleAsync();
        await Assertions.Expect(opened.Page.GetByRole(AriaRole.Status).First).ToHaveTextAsync("live");
    }

    private static FakeServer NewServer() => new(40)
    {
        Trunks =
        [
            new TrunkInfo(
                "a-carrier-with-a-long-name-that-goes-on", "sip:carrier.example.com:5060;transport=tcp", TrunkState.Failed, 403,
                TimeSpan.Zero),
        ],
    };

    private static Task<bool> IsDarkAsync(IPage page) =>
        page.EvaluateAsync<bool>("() => Number(/\\d+/.exec(getComputedStyle(document.body).backgroundColor)[0]) < 80");
}
