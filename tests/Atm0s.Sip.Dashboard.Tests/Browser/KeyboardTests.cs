using Atm0s.Sip.Dashboard.Tests.Hosts;
using Microsoft.Playwright;

namespace Atm0s.Sip.Dashboard.Tests.Browser;

/// <summary>Everything can be done without a mouse, and it is seen where the focus is.</summary>
public sealed class KeyboardTests
{
    [Test]
    public async Task KeysAlone_LogIn_Choose_Mute_Call_AndHangUp()
    {
        await using var host = await DashboardHost.StartAsync(keyed: true);
        var phone = await host.AddPhoneAsync("anna");
        await phone.CallAsync("standup");
        await host.AddPhoneAsync("ben");
        await using var opened = await OpenedPage.OpenAsync(host);
        var keys = opened.Page.Keyboard;
        var page = opened.Page;
        await page.Locator("#key").WaitForAsync();
        await keys.TypeAsync(DashboardHost.Key);
        await keys.PressAsync("Enter");
        await opened.IsLiveAsync();
        await Assertions.Expect(page.Locator(".grid-row")).ToContainTextAsync("Talking");

        await keys.PressAsync("ArrowDown");
        await Assertions.Expect(page.Locator(".grid-row.cursor")).ToHaveCountAsync(1);
        await keys.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#detail h2")).ToBeFocusedAsync();
        await keys.PressAsync("m");
        await Assertions.Expect(page.Locator(".grid-row")).ToContainTextAsync("muted");
        await keys.PressAsync("d");
        await Assertions.Expect(page.Locator(".pad button").First).ToBeFocusedAsync();
        var answer = await page.RunAndWaitForResponseAsync(
            () => keys.PressAsync("9"), static response => response.Request.PostData?.Contains("\"9\"", StringComparison.Ordinal) == true);
        Assert.That(answer.Status, Is.EqualTo(200));
        await keys.PressAsync("x");
        await keys.PressAsync("Escape");
        Assert.That(host.Server.Calls, Has.Count.EqualTo(1));
        await keys.PressAsync("x");
        await Assertions.Expect(page.Locator("dialog button.solid")).ToBeFocusedAsync();
        await keys.PressAsync("Enter");
        await Assertions.Expect(page.GetByText("No call right now")).ToBeVisibleAsync();
        await keys.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#detail")).ToBeHiddenAsync();

        await keys.PressAsync("n");
        await keys.TypeAsync("ben");
        await keys.PressAsync("Tab");
        await keys.TypeAsync("lobby");
        await keys.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#detail .badge").First).ToHaveTextAsync("Talking");
        await keys.PressAsync("Escape");
        await keys.PressAsync("?");
        await Assertions.Expect(page.Locator("dialog .keys kbd")).ToHaveCountAsync(13);
        await keys.PressAsync("Escape");
        await keys.PressAsync("/");
        await Assertions.Expect(page.Locator("#search")).ToBeFocusedAsync();
        await keys.TypeAsync("zzz");
        await Assertions.Expect(page.Locator(".grid-row")).ToHaveCountAsync(0);
    }

    [Test]
    public async Task Focus_IsSeen_OnEverythingThatTabReaches()
    {
        await using var host = await DashboardHost.StartAsync(server: new FakeServer(8));
        await using var opened = await OpenedPage.OpenAsync(host, "rooms");
        await opened.IsLiveAsync();
        await opened.Page.Locator(".card").First.WaitForAsync();
        const string seen = """
            () => {
              const at = document.activeElement;
              if (at === document.body) return '';
              const style = getComputedStyle(at);
              const name = at.getAttribute('aria-label') || at.textContent.trim() || at.labels?.[0]?.textContent.trim() || at.title;
              const isSeen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
              return `${at.tagName}#${at.id} "${name}" ${isSeen ? 'seen' : 'unseen'}`;
            }
            """;
        var reached = new List<string>();
        for (var i = 0; i < 25; i++)
        {
            await opened.Page.Keyboard.PressAsync("Tab");
            if (await opened.Page.EvaluateAsync<string>(seen) is { Length: > 0 } at)
                reached.Add(at);
        }

        Assert.That(reached, Has.Count.GreaterThan(18));
        Assert.That(reached, Has.All.EndsWith(" seen"));
        Assert.That(reached, Has.None.Contains("\"\""), "controls without a name");
    }
}
