using Microsoft.Playwright;

namespace Atm0s.Sip.Dashboard.Tests.Browser;

/// <summary>One Chromium for all tests, the one that the system has. None is downloaded.</summary>
[SetUpFixture]
public sealed class Chromium
{
    private static readonly string[] Paths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private static IPlaywright? _playwright;
    private static IBrowser? _browser;

    /// <summary>The browser. Where there is none, the test fails on a build machine, and is skipped elsewhere.</summary>
    public static IBrowser Browser
    {
        get
        {
            const string word = "These tests want Chromium: apt install chromium.";
            if (_browser is null && Environment.GetEnvironmentVariable("CI") is "true" or "1")
                Assert.Fail(word);
            if (_browser is null)
                Assert.Ignore(word);
            return _browser!;
        }
    }

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        if (Array.Find(Paths, File.Exists) is not { } path)
            return;
        _playwright = await Playwright.CreateAsync();
        // A build machine may have much else to do.
        Assertions.SetDefaultExpectTimeout(20_000);
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = path,
            // The tests may run as root, where the sandbox does not work; pages are ours alone.
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        });
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
        _playwright?.Dispose();
    }
}
