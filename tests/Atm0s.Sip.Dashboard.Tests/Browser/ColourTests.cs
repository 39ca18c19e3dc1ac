using Atm0s.Sip.Dashboard.Tests.Hosts;
using Microsoft.Playwright;

namespace Atm0s.Sip.Dashboard.Tests.Browser;

/// <summary>Dark and light, readable in both.</summary>
[Parallelizable]
public sealed class ColourTests
{
    [Test]
    public async Task Colours_FollowTheSystem_AndTheSwitch()
    {
        await using var host = await DashboardHost.StartAsync(server: LookTests.NewServer());
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
        await using var host = await DashboardHost.StartAsync(server: LookTests.NewServer());
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
        foreach (var view in LookTests.Views)
        {
            await opened.Page.EvaluateAsync("view => { location.hash = view; }", view);
            await opened.Page.Locator($"nav a[data-view={view}][aria-current]").WaitForAsync();
            await opened.UntilAsync("() => document.getElementById('view').childElementCount > 0");
            Assert.That(await opened.Page.EvaluateAsync<string[]>(faint), Is.Empty, view);
        }

        await opened.Page.Keyboard.PressAsync("?");
        Assert.That(await opened.Page.EvaluateAsync<string[]>(faint), Is.Empty, "shortcuts");
    }

    private static Task<bool> IsDarkAsync(IPage page) =>
        page.EvaluateAsync<bool>("() => Number(/\\d+/.exec(getComputedStyle(document.body).backgroundColor)[0]) < 80");
}
