using Atm0s.Sip.Hooks;
using Atm0s.Sip.Interop.Phones;
using Atm0s.Sip.Testing;

namespace Atm0s.Sip.WebPhone.Tests;

/// <summary>SIP.js and JsSIP in Chromium over secure WebSocket, with Opus and DTLS-SRTP, in one room with a desk phone on PCMA.</summary>
[NonParallelizable]
public sealed class CallTests
{
    private const double BrowserTone = 660;
    private const double DeskTone = 440;

    [TestCase("sipjs")]
    [TestCase("jssip")]
    public async Task Browser_CallsARoom_BothHear(string library)
    {
        await using var server = await Server.StartAsync();
        await using var desk = await DeskAsync(server);
        await desk.DialAsync("conf1");
        await desk.WaitAsync("CALL_ESTABLISHED");
        await using var browser = await BrowserPhone.StartAsync(server, library, "1007", BrowserTone);
        await browser.CallAsync("conf1");
        var call = await server.AnsweredAsync("1007");

        var heard = await browser.HearsAsync(DeskTone);
        await DeskHearsAsync(desk, BrowserTone);
        await TestContext.Out.WriteLineAsync($"{library} heard {heard}");
        Assert.Multiple(() =>
        {
            Assert.That(heard.Codec, Is.EqualTo("audio/opus"));
            Assert.That(heard.Dtls, Is.EqualTo("connected"));
            Assert.That(call.GetStatistics()!.Encryption?.Keys, Is.EqualTo(MediaKeyExchange.Dtls));
        });

        // Keys, and the room is told of them.
        await browser.PressAsync('5');
        await Until.TrueAsync(() => server.Digits.Contains('5'), "the key 5 is heard");

        // Muted, and not.
        await browser.MuteAsync(true);
        await Until.TrueAsync(() => call.GetStatistics()!.Level < -80, "the browser is muted");
        await browser.MuteAsync(false);
        await Until.TrueAsync(() => call.GetStatistics()!.Level > -30, "the browser is muted no more");

        await browser.HangUpAsync();
        Assert.That((await call.Ended.WaitAsync(TimeSpan.FromSeconds(20))).Cause, Is.EqualTo(CallEndCause.RemoteHangup));
    }

    [TestCase("sipjs")]
    [TestCase("jssip")]
    public async Task Browser_IsCalled_BothHear_ServerHangsUp(string library)
    {
        await using var server = await Server.StartAsync();
        await using var desk = await DeskAsync(server);
        await desk.DialAsync("conf2");
        await desk.WaitAsync("CALL_ESTABLISHED");
        await using var browser = await BrowserPhone.StartAsync(server, library, "1007", BrowserTone);
        var call = await server.Sip.CallUserAsync("conf2", "1007", "100");
        Assert.That((await call.Answered).IsAnswered, Is.True, string.Join("\n", call.Explain()));

        await browser.HearsAsync(DeskTone);
        await DeskHearsAsync(desk, BrowserTone);
        Assert.That(await call.HangUpAsync(), Is.EqualTo(CallCommandResult.Done));
        await Until.TrueAsync(async () => await browser.EndedAsync() == 1, "the browser's call is over");
    }

    [TestCase("sipjs")]
    [TestCase("jssip")]
    public async Task Page_LoadedAnew_EndsTheLeg(string library)
    {
        await using var server = await Server.StartAsync();
        await using var browser = await BrowserPhone.StartAsync(server, library, "1007", BrowserTone);
        await browser.CallAsync("conf3");
        var call = await server.AnsweredAsync("1007");
        await browser.Page.ReloadAsync();
        await Until.TrueAsync(() => server.Sip.FindRegistrations("1007").Count == 0, "its registration is gone with its connection");
        var end = await call.Ended.WaitAsync(TimeSpan.FromSeconds(30));
        await TestContext.Out.WriteLineAsync($"{library}: {end.Cause}, {end.Reason}");
        Assert.That(end.Cause, Is.EqualTo(CallEndCause.Gone).Or.EqualTo(CallEndCause.RemoteHangup));
    }

    [Test]
    public async Task Tabs_OfTwoLibraries_HearEachOtherInOneRoom()
    {
        await using var server = await Server.StartAsync();
        await using var first = await BrowserPhone.StartAsync(server, "sipjs", "1007", BrowserTone);
        await first.CallAsync("conf4");
        await using var second = await BrowserPhone.StartAsync(server, "jssip", "1008", BrowserTone, first.Page.Context);
        await second.CallAsync("conf4");
        await first.HearsAsync(BrowserTone);
        await second.HearsAsync(BrowserTone);
        await second.HangUpAsync();
        await Until.TrueAsync(() => server.Sip.Calls.Count == 1, "the other goes on");
        await first.HearsNothingAsync();
        await first.HangUpAsync();
        await Until.TrueAsync(() => server.Sip.Calls.Count == 0, "all is over");
    }

    [TestCase("sipjs")]
    [TestCase("jssip")]
    public async Task Password_ThatIsWrong_IsRefused(string library)
    {
        await using var server = await Server.StartAsync();
        await using var browser = await BrowserPhone.StartAsync(server, library, "1007", BrowserTone);
        var failure = Assert.CatchAsync(async () => await browser.Page.EvaluateAsync(
            "wanted => phone.start(wanted)",
            new { server = $"wss://{server.Address.Authority}/sip", user = "1009", password = "wrong", domain = server.Address.Host }));
        Assert.That(failure, Is.Not.Null);
        Assert.That(server.Sip.FindRegistrations("1009"), Is.Empty);
    }

    private static Task<Baresip> DeskAsync(Server server) =>
        Baresip.StartAsync(new PhoneOptions("desk", server.Udp, DeskTone) { Register = false });

    private static Task DeskHearsAsync(Baresip desk, double hz) => Until.TrueAsync(
        () =>
        {
            var last = desk.Recorded().End(TimeSpan.FromSeconds(2));
            return last.Duration >= TimeSpan.FromSeconds(2) && Math.Abs(last.StrongestFrequency() - hz) < 5;
        },
        $"the desk phone hears {hz} Hz");
}
