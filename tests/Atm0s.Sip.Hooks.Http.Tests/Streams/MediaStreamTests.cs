using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Atm0s.Sip.Hooks.Http.Client;
using Atm0s.Sip.Hooks.Http.Tests.Control;
using Atm0s.Sip.Media.Codecs.G711;
using Atm0s.Sip.TestKit.Audio;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Atm0s.Sip.Hooks.Http.Tests.Streams;

/// <summary>Media streams with real phones, real sockets, and a program in Python that holds to the documented messages.</summary>
public sealed class MediaStreamTests : StreamFixture
{
    [Test]
    public async Task DecisionOfTheHook_BringsCallerAndBotTogether_BothWays()
    {
        var answer = InviteAnswer.Read(JsonSerializer.SerializeToUtf8Bytes(new
        {
            strategy = "Accept",
            room_id = "room1",
            stream = new
            {
                url = $"ws://127.0.0.1:{Port}/echo",
                headers = new Dictionary<string, string> { ["Authorization"] = "Bearer secret" },
                parameters = new Dictionary<string, string> { ["language"] = "en" },
            },
        }));
        Control.Host.Decide = (_, _) => ValueTask.FromResult(InviteAnswer.Decide(answer, null, out _));
        var call = await CallAsync();
        await UntilAsync(() => Bot.Events("start").Any(), "the start");
        var ours = Control.Server.Calls.Single();
        var start = Bot.Events("start").Single().GetProperty("start");
        Assert.That(start.GetProperty("callSid").GetString(), Is.EqualTo(ours.Id));
        Assert.That(start.GetProperty("tracks").ToString(), Is.EqualTo("""["inbound"]"""));
        Assert.That(
            start.GetProperty("mediaFormat").ToString(),
            Is.EqualTo("""{"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}"""));
        Assert.That(start.GetProperty("customParameters").GetProperty("language").GetString(), Is.EqualTo("en"));
        Assert.That(Bot.Lines[0].GetProperty("authorization").GetString(), Is.EqualTo("Bearer secret"));
        await UntilAsync(() => Voice.Recording.Duration > TimeSpan.FromSeconds(3)
            && Voice.Recording.End(TimeSpan.FromSeconds(1)).StrongestFrequency() is > 439 and < 441, "the echo");

        Assert.That(await call.SendDtmfAsync("7"), Is.EqualTo(CallCommandResult.Done));
        await UntilAsync(() => Bot.Events("dtmf").Any(), "the key");
        Assert.That(
            Bot.Events("dtmf").Single().GetProperty("dtmf").ToString(), Is.EqualTo("""{"track": "inbound_track", "digit": "7"}"""));
        await call.HangUpAsync();
        await UntilAsync(() => Bot.Events("stop").Any(), "the stop");
        Assert.That(Bot.Events("stop").Single().GetProperty("stop").GetProperty("callSid").GetString(), Is.EqualTo(ours.Id));
        await UntilAsync(() => Control.Server.Streams.Count == 0, "the end of the stream");
    }

    [Test]
    public async Task MarkAndClear_AreExact()
    {
        Voice.IsSpeaking = false;
        var call = await CallAsync();
        var stream = await StartAsync("/tone");
        await UntilAsync(() => Bot.Events("mark").Count() == 3, "three marks");
        var marks = Bot.Events("mark").ToList();
        Assert.That(
            marks.Select(m => m.GetProperty("mark").GetProperty("name").GetString()), Is.EqualTo(new[] { "first", "second", "third" }));
        Assert.That(marks[0].GetProperty("ms").GetInt32(), Is.InRange(900, 3000), "when a second of audio was heard");
        Assert.That(marks[1].GetProperty("ms").GetInt32(), Is.LessThan(1000), "cleared: at once, though ten seconds were to come");
        await Task.Delay(500);
        var heard = Voice.Recording;
        Assert.That(heard.End(TimeSpan.FromSeconds(0.25)).LevelDbov(), Is.LessThan(-50), "nothing is heard any more");
        Assert.That(heard.StrongestFrequency(), Is.EqualTo(1000).Within(3));
        await stream.StopAsync();
        Assert.That(Bot.Events("stop").Any() || await WaitAsync(() => Bot.Events("stop").Any()), Is.True);
        Assert.That(Control.Server.Calls.Single().State, Is.EqualTo(CallState.Answered), "it goes on in its room");
        await call.HangUpAsync();
    }

    [Test]
    public async Task OneWay_BothTracks_AreWhatThePhoneSaysAndHears()
    {
        await CallAsync();
        var other = await Control.Server.AddParticipantAsync("room1", new RoomBotOptions { SampleRate = 8000 });
        other.Say([.. Enumerable.Range(0, 8000 * 30).Select(i => (short)(8000 * Math.Sin(Math.Tau * 880 * i / 8000)))]);
        await StartAsync("/listen", options => options with { TwoWay = false, Tracks = MediaStreamTracks.Both });
        await UntilAsync(() => Bot.Events("media").Count() > 200, "two seconds of both");
        foreach (var (track, frequency) in new[] { ("inbound", 440), ("outbound", 880) })
        {
            var samples = new List<float>();
            foreach (var media in Bot.Events("media").Where(m => m.GetProperty("track").GetString() == track).Skip(20))
                samples.AddRange(media.GetProperty("payload").GetBytesFromBase64().Select(code => MuLaw.Decode(code) / 32768f));
            Assert.That(new WavFile(8000, [.. samples]).StrongestFrequency(), Is.EqualTo(frequency).Within(3), track);
        }

        Assert.That(
            Voice.Recording.End(TimeSpan.FromSeconds(1)).StrongestFrequency(), Is.EqualTo(880).Within(3), "the room is heard as before");
    }

    [Test]
    public async Task Room_HasTheBotAsAMember()
    {
        await CallAsync();
        var options = new MediaStreamOptions { Url = Url("/echo"), ParticipantId = "assistant" };
        var stream = (await Control.Server.StartStreamAsync("room1", options))!;
        await UntilAsync(() => Control.Server.Rooms.Single().Participants.Contains("assistant"), "the member");
        await UntilAsync(() => Voice.Recording.Duration > TimeSpan.FromSeconds(3)
            && Voice.Recording.End(TimeSpan.FromSeconds(1)).StrongestFrequency() is > 439 and < 441, "the echo");
        await stream.StopAsync();
        await UntilAsync(() => !Control.Server.Rooms.Single().Participants.Contains("assistant"), "it has left");
    }

    [Test]
    public async Task BrokenConnection_IsMadeAnew_AndBeginsFromTheStart()
    {
        await CallAsync();
        var stream = await StartAsync("/break");
        await UntilAsync(() => Bot.Events("start").Count() == 2, "a second start");
        Assert.That(Bot.Events("start").Select(s => s.GetProperty("streamSid").GetString()), Has.All.EqualTo(stream.Id));
        await UntilAsync(() => stream.State == MediaStreamState.Open, "open again");
        Assert.That(stream.GetInfo().Reason, Is.Not.Null);
    }

    [Test]
    public async Task BotThatCloses_EndsTheCall()
    {
        var call = await CallAsync();
        var stream = await StartAsync("/bye");
        Assert.That(await stream.Ended.WaitAsync(TimeSpan.FromSeconds(20)), Is.EqualTo(MediaStreamEnd.ClosedByProgram));
        Assert.That((await call.Ended.WaitAsync(TimeSpan.FromSeconds(20))).Cause, Is.EqualTo(CallEndCause.RemoteHangup));
    }

    [Test]
    public async Task BotThatNeverReads_LosesAudio_AndIsGivenUp_WhileTheCallGoesOn()
    {
        await CallAsync();
        var other = await Control.Server.AddParticipantAsync("room1", new RoomBotOptions { SampleRate = 8000 });
        var stream = await StartAsync("/deaf", options => options with
        {
            TwoWay = false, Encoding = MediaStreamEncoding.L16At24000, Timeout = TimeSpan.FromSeconds(1), MaxReconnects = 0,
        });
        Assert.That(await stream.Ended.WaitAsync(TimeSpan.FromSeconds(120)), Is.EqualTo(MediaStreamEnd.Failed));
        Assert.That(Control.Server.Calls.Single().State, Is.EqualTo(CallState.Answered));
        Assert.That(other.Left.IsCompleted, Is.False);
    }

    [Test]
    public async Task NobodyListens_IsTold_AndTheCallGoesOn()
    {
        await CallAsync();
        var stream = await StartAsync("/", options => options with
        {
            Url = new Uri("ws://127.0.0.1:9/"), MaxReconnects = 1, HangUpAtEnd = false,
        });
        Assert.That(await stream.Ended.WaitAsync(TimeSpan.FromSeconds(20)), Is.EqualTo(MediaStreamEnd.Failed));
        Assert.That(stream.GetInfo().Reason, Is.Not.Empty);
        Assert.That(Control.Server.Calls.Single().State, Is.EqualTo(CallState.Answered));
    }

    [Test]
    public async Task CertificateOfNobody_IsRefused()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate)));
        await using var app = builder.Build();
        var reached = false;
        app.Run(_ =>
        {
            reached = true;
            return Task.CompletedTask;
        });
        await app.StartAsync();
        await CallAsync();
        var stream = await StartAsync("/", options => options with
        {
            Url = new UriBuilder(app.Urls.First()) { Scheme = "wss" }.Uri, MaxReconnects = 0, HangUpAtEnd = false,
        });
        Assert.That(await stream.Ended.WaitAsync(TimeSpan.FromSeconds(30)), Is.EqualTo(MediaStreamEnd.Failed));
        Assert.That(reached, Is.False);
    }

    [Test]
    public void OtherMachines_AreReachedEncrypted()
    {
        Assert.That(
            () => Control.Server.StartStreamAsync("room1", new MediaStreamOptions { Url = new Uri("ws://192.0.2.1/") }),
            Throws.ArgumentException);
        Assert.That(() => new MediaStreamOptions { Url = new Uri("https://example.com/") }, Throws.ArgumentException);
        Assert.That(new MediaStreamOptions { Url = new Uri("wss://example.com/a?token=secret") }.ToString(), Does.Not.Contain("secret"));
    }

    [Test]
    public async Task ControlApi_StartsAndStopsStreams_AndRecordsAndAsks()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            await RestartAsync(control => (control.SoundFolder, control.RecordingFolder) = (folder.FullName, folder.FullName));
            var phone = await CallAsync();
            var id = Control.Server.Calls.Single().Id;
            var started = await Control.PostAsync(
                $"/sip/calls/{id}/stream", JsonSerializer.Serialize(new { url = Url("/listen").ToString(), two_way = false }));
            Assert.That(started.Status, Is.EqualTo(200), started.Body);
            await UntilAsync(() => Bot.Events("media").Any(), "audio");
            var streams = await Control.SendAsync(HttpMethod.Get, "/sip/streams");
            var stream = JsonDocument.Parse(streams.Body).RootElement[0];
            Assert.That(stream.GetProperty("call_id").GetString(), Is.EqualTo(id));
            var path = $"/sip/streams/{stream.GetProperty("id").GetString()}";
            Assert.That((await Control.SendAsync(HttpMethod.Delete, path)).Status, Is.EqualTo(200));
            await UntilAsync(() => Bot.Events("stop").Any(), "the stop");

            var recorded = await Control.PostAsync($"/sip/calls/{id}/record", """{"file":"call.wav"}""");
            Assert.That(recorded.Status, Is.EqualTo(200), recorded.Body);
            var recording = JsonDocument.Parse(recorded.Body).RootElement.GetProperty("id").GetString();
            Assert.That((await Control.PostAsync($"/sip/recordings/{recording}/pause", "")).Body, Does.Contain("paused"));
            var stopped = await Control.SendAsync(HttpMethod.Delete, $"/sip/recordings/{recording}");
            Assert.That(stopped.Body, Does.Contain("\"end\":\"stopped\""));
            Assert.That(File.Exists(Path.Combine(folder.FullName, "call.wav")), Is.True);
            Assert.That((await Control.PostAsync($"/sip/calls/{id}/record", """{"file":"../call.wav"}""")).Status, Is.EqualTo(400));
            Assert.That((await Control.PostAsync($"/sip/calls/{id}/play", """{"file":"none.wav"}""")).Status, Is.EqualTo(404));
            var played = await Control.PostAsync("/sip/rooms/room1/play", """{"file":"call.wav","loop":true}""");
            Assert.That(played.Status, Is.EqualTo(200), played.Body);
            Assert.That((await Control.SendAsync(HttpMethod.Delete, "/sip/rooms/room1/play")).Body, Does.Contain("done"));

            var gathering = Control.PostAsync($"/sip/calls/{id}/gather", """{"max_digits":3}""");
            await Task.Delay(200);
            await phone.SendDtmfAsync("123");
            Assert.That((await gathering).Body, Is.EqualTo("""{"end":"done","digits":"123"}"""));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
