using System.Diagnostics;
using System.Reflection;
using Atm0s.Sip.Interop.Processes;
using Atm0s.Sip.Testing;
using Microsoft.Playwright;

namespace Atm0s.Sip.WebPhone.Tests;

/// <summary>
/// The system's Chromium, one for each tone that it has as its microphone, and the test's phones as one file each. Where something is
/// missing the tests fail on a build machine, and are skipped elsewhere.
/// </summary>
[SetUpFixture]
public sealed class Browsers
{
    private static readonly string[] Paths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private static readonly Dictionary<double, IBrowser> Started = [];
    private static readonly Dictionary<string, string> Scripts = [];
    private static TempFolder? _folder;
    private static IPlaywright? _playwright;
    private static string? _missing;

    private static string Pages =>
        typeof(Browsers).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Pages").Value!;

    /// <summary>The browser whose microphone hears a tone.</summary>
    public static async Task<IBrowser> WithToneAsync(double hz)
    {
        if (_missing is not null && Environment.GetEnvironmentVariable("CI") is "true" or "1")
            Assert.Fail(_missing);
        if (_missing is not null)
            Assert.Ignore(_missing);
        if (Started.TryGetValue(hz, out var browser))
            return browser;
        var file = _folder![$"{hz}.wav"];
        ToneSource.Sine(hz, TimeSpan.FromSeconds(30), 48_000, -12).Write(file);
        return Started[hz] = await _playwright!.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Array.Find(Paths, File.Exists),
            Timeout = 120_000,
            // The tests may run as root, where the sandbox does not work; pages are ours alone.
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--ignore-certificate-errors",
                "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", $"--use-file-for-fake-audio-capture={file}",
                "--autoplay-policy=no-user-gesture-required", "--allow-loopback-in-peer-connection",
                "--disable-features=WebRtcHideLocalIpsWithMdns", "--disable-background-networking",
            ],
        });
    }

    /// <summary>A phone as one script.</summary>
    public static string Script(string library) => Scripts[library];

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _folder = new TempFolder();
        var bundler = Path.Combine(Pages, "node_modules/.bin/esbuild");
        _missing = !Paths.Any(File.Exists) ? "These tests want Chromium: apt install chromium."
            : !File.Exists(bundler) ? "These tests want SIP.js, JsSIP and esbuild: npm ci --prefix tests/Atm0s.Sip.WebPhone.Tests/Pages."
            : null;
        if (_missing is not null)
            return;
        foreach (var library in new[] { "sipjs", "jssip" })
        {
            using var process = Process.Start(new ProcessStartInfo(
                bundler, [$"{library}.js", "--bundle", "--format=iife", "--define:global=window", $"--outfile={_folder[library]}.js"])
            {
                WorkingDirectory = Pages,
                RedirectStandardError = true,
            })!;
            var errors = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.That(process.ExitCode, Is.Zero, errors);
            Scripts[library] = await File.ReadAllTextAsync($"{_folder[library]}.js");
        }

        _playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(30_000);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        foreach (var browser in Started.Values)
            await browser.CloseAsync();
        _playwright?.Dispose();
        _folder?.Dispose();
    }
}
