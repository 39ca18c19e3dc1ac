using Atm0s.Sip.Dashboard.Tests.Hosts;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.TestKit.Audio;
using Microsoft.Playwright;

namespace Atm0s.Sip.Dashboard.Tests.Browser;

/// <summary>Real calls over sockets, seen and commanded in a browser.</summary>
public sealed class CallTests
{
    [Test]
    public async Task Call_Appears_Talks_IsMuted_AndIsHungUp()
    {
        await using var host = await DashboardHost.StartAsync(keyed: true);
        await using var opened = await OpenedPage.OpenAsync(host);
        await opened.LogInAsync(DashboardHost.Key);
        await opened.IsLiveAsync();
        var page = opened.Page;
        await Assertions.Expect(page.GetByText("No call right now")).ToBeVisibleAsync();

        var voice = new ToneEndpoint(440, levelDbfs: -6);
        var phone = await host.AddPhoneAsync("anna", voice);
        await phone.CallAsync("standup");
        var row = page.Locator(".grid-row");
        await Assertions.Expect(row).ToHaveCountAsync(1);
        await Assertions.Expect(row).ToContainTextAsync("anna→standup");
        await Assertions.Expect(row).ToContainTextAsync("Talking");
        await Assertions.Expect(row).ToContainTextAsync("PCMA");

        const string level = "want => { const fill = document.querySelector('.grid-row .meter i')?.style.transform ?? '';"
            + " const filled = Number(/[\\d.]+/.exec(fill)?.[0] ?? 0); return want === 'loud' ? filled > 0.5 : filled < 0.05; }";
        await opened.UntilAsync(level, "loud");
        voice.IsSpeaking = false;
        await opened.UntilAsync(level, "silent");
        voice.IsSpeaking = true;
        await opened.UntilAsync(level, "loud");

        await row.ClickAsync();
        var call = host.Server.Calls.Single();
        var detail = page.Locator("#detail");
        await Assertions.Expect(detail.Locator("h2")).ToHaveTextAsync("anna → standup");
        await Assertions.Expect(detail.Locator(".step .what").First).ToHaveTextAsync("INVITE");
        await Assertions.Expect(detail.Locator(".step.s2 .what").First).ToHaveTextAsync("200 OK");
        await detail.Locator(".step").First.ClickAsync();
        await Assertions.Expect(detail.Locator("pre.message").First).ToContainTextAsync("INVITE sip:standup@");
        await Assertions.Expect(detail.Locator("figure").First).ToBeVisibleAsync();

        await detail.GetByText("Mute", new LocatorGetByTextOptions { Exact = true }).ClickAsync();
        await Assertions.Expect(row).ToContainTextAsync("muted");
        Assert.That(call.IsMuted, Is.True);
        await Assertions.Expect(detail.GetByText("Unmute")).ToHaveAttributeAsync("aria-pressed", "true");

        await detail.GetByText("Hang up").ClickAsync();
        await page.Locator("dialog").GetByText("Hang up", new LocatorGetByTextOptions { Exact = true }).Last.ClickAsync();
        Assert.That((await call.Ended).Cause, Is.EqualTo(CallEndCause.LocalHangup));
        await Assertions.Expect(row).ToHaveCountAsync(0);
        await Assertions.Expect(detail.Locator(".cause")).ToContainTextAsync("Local hangup");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("5");
        await Assertions.Expect(page.Locator(".grid-row")).ToContainTextAsync("Done");
    }

    [Test]
    public async Task CallForm_RingsAPhone_DigitsAndMoveReachIt_AndACaptureIsLoaded()
    {
        await using var host = await DashboardHost.StartAsync();
        await host.AddPhoneAsync("anna");
        await using var opened = await OpenedPage.OpenAsync(host, "phones");
        await opened.IsLiveAsync();
        var page = opened.Page;
        await Assertions.Expect(page.Locator(".grid-row")).ToContainTextAsync("anna");
        await page.ClickAsync("#dial");
        var form = page.Locator("#dial-form");
        await form.Locator("[name=to]").FillAsync("nobody");
        await form.Locator("[name=room]").FillAsync("sales");
        await form.Locator("button.primary").ClickAsync();
        await Assertions.Expect(form.Locator("[role=alert]")).ToContainTextAsync("could not be made");
        await form.Locator("[name=to]").FillAsync("anna");
        await form.Locator("button.primary").ClickAsync();

        var detail = page.Locator("#detail");
        await Assertions.Expect(detail.Locator(".badge").First).ToHaveTextAsync("Talking");
        var call = host.Server.Calls.Single();
        Assert.That(call.Info.RoomId, Is.EqualTo("sales"));
        var answer = await page.RunAndWaitForResponseAsync(
            () => detail.Locator(".pad").GetByText("7").ClickAsync(),
            static response => response.Url.Contains("/api/calls/", StringComparison.Ordinal) && response.Request.Method == "POST");
        Assert.That(await answer.TextAsync(), Is.EqualTo("""{"result":"done"}"""));
        Assert.That(answer.Request.PostData, Is.EqualTo("""{"do":"digits","digits":"7"}"""));

        await detail.GetByText("Move").ClickAsync();
        await page.Locator("dialog [name=room]").FillAsync("support");
        await page.Locator("dialog [name=room]").PressAsync("Enter");
        await Assertions.Expect(detail.Locator("header")).ToContainTextAsync("Room support");

        var download = await page.RunAndWaitForDownloadAsync(() => detail.GetByText("Download pcap").ClickAsync());
        Assert.That(download.SuggestedFilename, Does.StartWith("call-").And.EndsWith(".pcap"));
        var capture = await File.ReadAllBytesAsync(await download.PathAsync());
        // Magic number of a capture file with little-endian, microsecond or nanosecond times.
        Assert.That(Convert.ToHexString(capture.AsSpan(0, 4)), Is.EqualTo("D4C3B2A1").Or.EqualTo("4D3CB2A1"));
        Assert.That(System.Text.Encoding.Latin1.GetString(capture), Does.Contain("INVITE sip:"));
    }

    [Test]
    public async Task Rooms_ShowWhoTalks_AndAreHungUp()
    {
        await using var host = await DashboardHost.StartAsync();
        await (await host.AddPhoneAsync("anna", new ToneEndpoint(440, levelDbfs: -6))).CallAsync("standup");
        await (await host.AddPhoneAsync("ben", new ToneEndpoint(440) { IsSpeaking = false })).CallAsync("standup");
        await using var opened = await OpenedPage.OpenAsync(host, "rooms");
        await opened.IsLiveAsync();
        var room = opened.Page.Locator(".card");
        await Assertions.Expect(room).ToContainTextAsync("1 of 2 talking");
        await Assertions.Expect(room.Locator(".talks")).ToContainTextAsync("anna");
        await room.GetByText("Hang up room").ClickAsync();
        await opened.Page.Locator("dialog").GetByText("Hang up all").ClickAsync();
        await Assertions.Expect(opened.Page.GetByText("Every room is empty")).ToBeVisibleAsync();
        Assert.That(host.Server.Calls, Is.Empty);
    }

    [Test]
    public async Task FailedCall_IsMarked_WithWhy_AndPhonesAndTrunksAreListed()
    {
        await using var host = await DashboardHost.StartAsync(
            sip: static options => options.Trunks.Add(new TrunkOptions { Name = "carrier", Server = "sip:127.0.0.9:5099" }));
        host.Host.Decide = static (_, _) => ValueTask.FromResult(InviteDecision.Reject(404));
        var phone = await host.AddPhoneAsync("anna");
        await (await phone.CallAsync("000")).Ended;
        await using var opened = await OpenedPage.OpenAsync(host, "ended");
        await opened.IsLiveAsync();
        var page = opened.Page;
        await Assertions.Expect(page.Locator(".grid-row")).ToContainTextAsync("Rejected · 404");
        await Assertions.Expect(page.Locator(".grid-row .badge")).ToHaveClassAsync("badge bad");
        await page.Locator(".chips").GetByText("Done").ClickAsync();
        await Assertions.Expect(page.Locator(".grid-row")).ToHaveCountAsync(0);
        await page.Locator(".chips").GetByText("All").ClickAsync();
        await page.Locator(".grid-row").ClickAsync();
        await Assertions.Expect(page.Locator("#detail .step.bad .what")).ToHaveTextAsync("404 Not Found");
        await Assertions.Expect(page.Locator("#detail .cause")).ToContainTextAsync("404");
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("4");
        await Assertions.Expect(page.Locator(".card")).ToContainTextAsync("sip:127.0.0.9:5099");
        await page.Keyboard.PressAsync("6");
        await Assertions.Expect(page.GetByText("anna to 000: rejected (404)")).ToBeVisibleAsync();
    }
}
