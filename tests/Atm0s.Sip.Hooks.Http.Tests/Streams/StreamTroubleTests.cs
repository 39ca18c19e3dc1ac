using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Atm0s.Sip.Hooks.Http.Client;
using Atm0s.Sip.Streams;

namespace Atm0s.Sip.Hooks.Http.Tests.Streams;

/// <summary>Programs of media streams that break, restart, are slow, or say too much; and calls that last longer than a moment.</summary>
public sealed class StreamTroubleTests : StreamFixture
{
    /// <summary>A caller whom the hook has given to a program is not alone, however long nobody else comes to his room.</summary>
    [Test]
    public async Task CallerWithAProgram_IsNotAlone_UntilItIsThrough()
    {
        await RestartAsync(sip: options => options.Calls.WaitForOthersTimeout = TimeSpan.FromSeconds(1));
        var answer = InviteAnswer.Read(JsonSerializer.SerializeToUtf8Bytes(new
        {
            strategy = "Accept", room_id = "room1", stream = new { url = Url("/echo").ToString() },
        }));
        Control.Host.Decide = (_, _) => ValueTask.FromResult(InviteAnswer.Decide(answer, null, out _));
        var call = await CallAsync();
        await UntilAsync(() => Voice.Recording.Duration > TimeSpan.FromSeconds(3), "three seconds");
        Assert.That(call.State, Is.EqualTo(CallState.Answered), "a second is all that he may be alone");
        await Control.Server.Streams.Single().StopAsync();
        Assert.That((await call.Ended.WaitAsync(TimeSpan.FromSeconds(20))).Cause, Is.EqualTo(CallEndCause.RemoteHangup));
        await UntilAsync(() => Control.Host.End(CallDirection.Incoming) is not null, "the end is told");
        Assert.That(Control.Host.End(CallDirection.Incoming)!.Cause, Is.EqualTo(CallEndCause.NoAnswer));
    }

    [Test]
    public async Task ProgramThatBreaksEachConnection_IsGivenUp_AndTheCallEnds()
    {
        var call = await CallAsync();
        var stream = await StartAsync("/frail");
        Assert.That(await stream.Ended.WaitAsync(TimeSpan.FromSeconds(30)), Is.EqualTo(MediaStreamEnd.Failed));
        Assert.That(Bot.Events("start").Count(), Is.EqualTo(4), "the first, and three more");
        Assert.That((await call.Ended.WaitAsync(TimeSpan.FromSeconds(20))).Cause, Is.EqualTo(CallEndCause.RemoteHangup));
    }

    [Test]
    public async Task ProgramThatGoesAway_IsConnectedToAgain_AndGetsTheKeysOfMeanwhile()
    {
        var call = await CallAsync();
        var stream = await StartAsync("/away");
        await UntilAsync(() => stream.State == MediaStreamState.Connecting && stream.GetInfo().Reason is not null, "it has gone");
        await call.SendDtmfAsync("5");
        await UntilAsync(() => Bot.Events("start").Count() == 2, "a second start");
        await UntilAsync(() => Bot.Events("dtmf").Any(), "the key");
        Assert.That(call.State, Is.EqualTo(CallState.Answered));
    }

    /// <summary>A program that reads half of what comes hears what is said now, not what was said long ago, and the rest is counted.</summary>
    [Test]
    public async Task SlowProgram_LosesTheOldest_AndIsNotGivenUp()
    {
        await CallAsync();
        var begun = Stopwatch.StartNew();
        var stream = await StartAsync("/slow", options => options with { TwoWay = false, Encoding = MediaStreamEncoding.L16At24000 });
        await UntilAsync(() => stream.Missed > TimeSpan.FromSeconds(2), "some of it is lost");
        var media = Bot.Events("media").Count();
        await UntilAsync(() => Bot.Events("media").Count() > media, "and it goes on");
        var heard = int.Parse(Bot.Events("media").Last().GetProperty("timestamp").GetString()!, CultureInfo.InvariantCulture);
        Assert.That(begun.ElapsedMilliseconds - heard, Is.LessThan(15_000), "how old it is");
        Assert.That((stream.State, stream.GetInfo().Reason), Is.EqualTo((MediaStreamState.Open, (string?)null)));
        Assert.That(Bot.Events("start").Count(), Is.EqualTo(1));
    }

    /// <summary>A program that says fifteen minutes at once is made to wait, and its connection lives all the same.</summary>
    [Test]
    public async Task ProgramThatIsFarAhead_WaitsAndGoesOn()
    {
        var call = await CallAsync();
        var stream = await StartAsync("/ahead", options => options with { Timeout = TimeSpan.FromSeconds(1) });
        await UntilAsync(() => Voice.Recording.Duration > TimeSpan.FromSeconds(5), "five seconds");
        Assert.That(Bot.Lines.Any(line => line.TryGetProperty("said", out _)), Is.False, "the rest is not taken yet");
        Assert.That(Voice.Recording.End(TimeSpan.FromSeconds(1)).StrongestFrequency(), Is.EqualTo(1000).Within(3));
        Assert.That((stream.State, stream.GetInfo().Reason), Is.EqualTo((MediaStreamState.Open, (string?)null)));
        Assert.That(call.State, Is.EqualTo(CallState.Answered));
    }

    [Test]
    public async Task LinearAudio_GoesBothWays([Values("l16_16000", "l16_24000")] string encoding)
    {
        await CallAsync();
        var id = Control.Server.Calls.Single().Id;
        var started = await Control.PostAsync(
            $"/sip/calls/{id}/stream", JsonSerializer.Serialize(new { url = Url("/echo").ToString(), encoding }));
        Assert.That(started.Status, Is.EqualTo(200), started.Body);
        await UntilAsync(
            () => Voice.Recording.Duration > TimeSpan.FromSeconds(3) && Voice.Recording.End(TimeSpan.FromSeconds(0.5)).Measure(440).Snr > 25,
            "the echo, a clean tone");
        var format = Bot.Events("start").Single().GetProperty("start").GetProperty("mediaFormat");
        Assert.That(format.GetProperty("encoding").GetString(), Is.EqualTo("audio/x-l16"));
        Assert.That(format.GetProperty("sampleRate").GetInt32(), Is.EqualTo(encoding == "l16_16000" ? 16_000 : 24_000));
        Assert.That(
            Bot.Events("media").Last().GetProperty("payload").GetBytesFromBase64(), Has.Length.EqualTo(encoding == "l16_16000" ? 640 : 960));
    }

    [Test]
    public async Task SigningKey_SignsTheRequest_AsTwiliosProgramsValidateIt()
    {
        await CallAsync();
        var id = Control.Server.Calls.Single().Id;
        var body = new { url = Url("/listen").ToString(), two_way = false, signing_key = "12345", account_sid = "AC1" };
        var started = await Control.PostAsync($"/sip/calls/{id}/stream", JsonSerializer.Serialize(body));
        Assert.That(started.Status, Is.EqualTo(200), started.Body);
        await UntilAsync(() => Bot.Events("start").Any(), "the start");
        Assert.That(Bot.Lines[0].GetProperty("signature").GetString(), Is.EqualTo(StreamSignature.Of(Url("/listen"), "12345")));
        Assert.That(Bot.Events("start").Single().GetProperty("start").GetProperty("accountSid").GetString(), Is.EqualTo("AC1"));
    }

    [Test]
    public async Task WhoWaits_IsNotAnsweredForAProgramThatIsNotThere()
    {
        await RestartAsync(sip: options => options.Calls.WaitForOthersTimeout = TimeSpan.FromSeconds(2));
        Control.Host.Decide = (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("room1"));
        var call = await BeginCallAsync();
        await UntilAsync(() => Control.Server.Rooms.Count == 1, "the room");
        var stream = await Control.Server.StartStreamAsync(
            "room1", new MediaStreamOptions { Url = new Uri("ws://127.0.0.1:9/"), MustFindRoom = true });
        Assert.That(stream, Is.Not.Null);
        var outcome = await call.Answered.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.That((outcome.IsAnswered, outcome.StatusCode), Is.EqualTo((false, 480)));
    }

    [Test]
    public async Task WhoWaits_IsAnsweredWhenTheProgramIsThere()
    {
        Control.Host.Decide = (_, _) => ValueTask.FromResult(InviteDecision.WaitForOthers("room1"));
        var call = await BeginCallAsync();
        await UntilAsync(() => Control.Server.Rooms.Count == 1, "the room");
        await Control.Server.StartStreamAsync("room1", new MediaStreamOptions { Url = Url("/echo") });
        Assert.That((await call.Answered.WaitAsync(TimeSpan.FromSeconds(20))).IsAnswered, Is.True);
    }
}
