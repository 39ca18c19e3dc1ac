using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Atm0s.Sip.WebPhone.Tests;

/// <summary>The page of samples/WebPhone, as a user has it.</summary>
[NonParallelizable]
public sealed class PageTests
{
    [Test]
    public async Task User_SignsInCallsARoomMutesSendsDigitsAndHangsUp()
    {
        await using var server = await Server.StartAsync();
        var (page, problems) = await OpenAsync(server);
        await using var other = await BrowserPhone.StartAsync(server, "jssip", "1008", 440);
        await other.CallAsync("conf1");

        await SignInAsync(page, "alice", "pw-alice");
        await page.Keyboard.TypeAsync("conf1");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#call-state")).ToHaveTextAsync("Connected");
        await Expect(page.Locator("#people li")).ToHaveCountAsync(2);
        await Expect(page.Locator("#people")).ToContainTextAsync("alice (you)");
        // The other one's tone is there all the time.
        await Expect(page.Locator("#people li", new PageLocatorOptions { HasText = "1008" })).ToHaveAttributeAsync("data-talks", "yes");
        await ShotAsync(page, "in-call");

        var call = await server.AnsweredAsync("alice");
        await page.Keyboard.PressAsync("m");
        await Expect(page.Locator("#mute")).ToHaveAttributeAsync("aria-pressed", "true");
        await Until.TrueAsync(() => call.GetStatistics()!.Level < -80, "alice is muted");
        await Expect(page.Locator("#people li", new PageLocatorOptions { HasText = "alice" })).ToHaveAttributeAsync("data-talks", "no");
        await page.Keyboard.PressAsync("7");
        await Until.TrueAsync(() => server.Digits.Contains('7'), "the key 7 is heard");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#idle")).ToBeVisibleAsync();
        await call.Ended.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.That(problems, Is.Empty);
    }

    [Test]
    public async Task User_IsCalledAndAnswers()
    {
        await using var server = await Server.StartAsync();
        var (page, problems) = await OpenAsync(server);
        await SignInAsync(page, "alice", "pw-alice");
        var call = await server.Sip.CallUserAsync("conf2", "alice", "100");
        await Expect(page.Locator("#ringing")).ToBeVisibleAsync();
        await Expect(page.Locator("#ring-from")).ToHaveTextAsync("100");
        await ShotAsync(page, "ringing");
        await page.Keyboard.PressAsync("Enter");
        Assert.That((await call.Answered).IsAnswered, Is.True);
        await Expect(page.Locator("#call-state")).ToHaveTextAsync("Connected");
        await call.HangUpAsync();
        await Expect(page.Locator("#idle")).ToBeVisibleAsync();
        Assert.That(problems, Is.Empty);
    }

    [Test]
    public async Task Password_ThatIsWrong_IsSaid()
    {
        await using var server = await Server.StartAsync();
        var (page, _) = await OpenAsync(server);
        await ShotAsync(page, "sign-in");
        await page.FillAsync("#user", "alice");
        await page.FillAsync("#password", "wrong");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#sign-in-error")).ToHaveTextAsync("User or password is wrong.");
    }

    [TestCase(320, 568)]
    [TestCase(390, 844)]
    [TestCase(1280, 800)]
    public async Task Page_OfEachSize_HasNothingOutside(int width, int height)
    {
        await using var server = await Server.StartAsync();
        var (page, _) = await OpenAsync(server, width, height);
        await SignInAsync(page, "alice", "pw-alice");
        var (wide, high) = (
            await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), await page.EvaluateAsync<int>("document.documentElement.scrollHeight"));
        await ShotAsync(page, $"idle-{width}");
        Assert.That((wide, high), Is.EqualTo((width, height)));
        var call = await page.Locator("#call").BoundingBoxAsync();
        Assert.That(call!.Y + call.Height, Is.LessThanOrEqualTo(height));
    }

    private static async Task<(IPage Page, List<string> Problems)> OpenAsync(Server server, int width = 390, int height = 844)
    {
        var browser = await Browsers.WithToneAsync(660);
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            IgnoreHTTPSErrors = true,
            Permissions = ["microphone"],
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = width == 390 ? ColorScheme.Dark : ColorScheme.Light,
        });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        var problems = new List<string>();
        page.PageError += (_, error) => problems.Add(error);
        page.Console += (_, message) =>
        {
            TestContext.Out.WriteLine(message.Text);
            if (message.Type == "error")
                problems.Add(message.Text);
        };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(server.Address.ToString(), StringComparison.Ordinal))
                problems.Add($"asks a foreign host: {request.Url}");
        };
        await page.GotoAsync(server.Address.ToString());
        return (page, problems);
    }

    private static async Task SignInAsync(IPage page, string user, string password)
    {
        await page.FillAsync("#user", user);
        await page.FillAsync("#password", password);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#status")).ToHaveTextAsync("Ready", new LocatorAssertionsToHaveTextOptions { Timeout = 60_000 });
    }

    private static Task ShotAsync(IPage page, string name) =>
        Environment.GetEnvironmentVariable("ATM0S_SCREENSHOTS") is { } folder
            ? page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"web-phone-{name}.png") })
            : Task.CompletedTask;
}
