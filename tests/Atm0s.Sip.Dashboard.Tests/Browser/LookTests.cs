using Atm0s.Sip.Dashboard.Tests.Hosts;
using Microsoft.Playwright;

namespace Atm0s.Sip.Dashboard.Tests.Browser;

/// <summary>Large and small, and for who listens.</summary>
[Parallelizable]
public sealed class LookTests
{
    internal static readonly string[] Views = ["calls", "rooms", "phones", "trunks", "ended", "health"];

    [TestCase(360, 640)]
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

    internal static FakeServer NewServer() => new(40)
    {
        Trunks =
        [
            new TrunkInfo(
                "a-carrier-with-a-long-name-that-goes-on", "sip:carrier.example.com:5060;transport=tcp", TrunkState.Failed, 403,
                TimeSpan.Zero),
        ],
    };
}
