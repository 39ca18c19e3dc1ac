using System.Net;
using System.Text;
using System.Text.Json;
using Atm0s.Sip.TestKit.Audio;

namespace Atm0s.Sip.Hooks.Http.Tests.Control;

/// <summary>Clips, recordings and programs in rooms, by the control API.</summary>
public sealed class SoundTests
{
    private ControlHost _control = null!;
    private DirectoryInfo _folder = null!;
    private SipPhone? _phone;

    [SetUp]
    public async Task SetUp()
    {
        _folder = Directory.CreateTempSubdirectory();
        ToneSource.Sine(1000, TimeSpan.FromMilliseconds(400), 8000, -12).Write(Path.Combine(_folder.FullName, "short.wav"));
        _control = await ControlHost.StartAsync(control =>
        {
            control.ApiKeys.Add(ControlHost.Key);
            (control.SoundFolder, control.RecordingFolder) = (_folder.FullName, _folder.FullName);
        });
    }

    [TearDown]
    public async Task TearDown()
    {
        if (_phone is not null)
            await _phone.DisposeAsync();
        await _control.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Test]
    public async Task Clip_IsPlayed_ItsEndIsTold_AndOneThatCantBeIsRefused()
    {
        var call = await CallAsync("room/1");
        var told = _control.Server.WatchAsync().GetAsyncEnumerator();
        await Expect(200, HttpMethod.Post, $"/sip/calls/{call.Id}/play", """{"file":"short.wav"}""");
        var played = await NextAsync<SipServerEvent.Played>(told);
        Assert.That((played.CallId, played.RoomId, played.Result.End), Is.EqualTo((call.Id, (string?)null, PlayEnd.Finished)));
        Assert.That(played.Result.Played, Is.EqualTo(TimeSpan.FromMilliseconds(400)));

        // A name with a slash in it, as it must be written in a path.
        await Expect(200, HttpMethod.Post, "/sip/rooms/room%2F1/play", """{"file":"short.wav","loop":true}""");
        Assert.That(await Expect(200, HttpMethod.Delete, "/sip/rooms/room%2F1/play"), Does.Contain("\"done\""));
        played = await NextAsync<SipServerEvent.Played>(told);
        Assert.That((played.CallId, played.RoomId, played.Result.End), Is.EqualTo(((string?)null, "room/1", PlayEnd.Stopped)));

        Assert.That(await call.HoldAsync(), Is.EqualTo(CallCommandResult.Done));
        await Expect(409, HttpMethod.Post, $"/sip/calls/{call.Id}/play", """{"file":"short.wav"}""");
        Assert.That((await NextAsync<SipServerEvent.Played>(told)).Result.End, Is.EqualTo(PlayEnd.NotPossible));
        await Expect(400, HttpMethod.Post, $"/sip/calls/{call.Id}/play", """{"file":"short.wav","decibels":100}""");
        await Expect(404, HttpMethod.Post, "/sip/rooms/none/play", """{"file":"short.wav"}""");
        Assert.That(await Expect(200, HttpMethod.Delete, $"/sip/calls/{call.Id}/play"), Does.Contain("already_done"), "nothing is left behind");
        await told.DisposeAsync();
    }

    [Test]
    public async Task Room_IsRecorded_AsLongAsIsAsked()
    {
        await CallAsync("room/1");
        var body = await Expect(200, HttpMethod.Post, "/sip/rooms/room%2F1/record", """{"file":"r.ogg","start_paused":true,"max_duration_s":0.5}""");
        Assert.That(body, Does.Contain("\"paused\""));
        var recording = _control.Server.Recordings.Single();
        await Expect(200, HttpMethod.Post, $"/sip/recordings/{recording.Id}/resume", "");
        Assert.That(await recording.Ended.WaitAsync(TimeSpan.FromSeconds(30)), Is.EqualTo(RecordingEnd.MaxLength));
        var clip = await AudioClip.LoadAsync(Path.Combine(_folder.FullName, "r.ogg"));
        Assert.That(clip.Duration, Is.EqualTo(TimeSpan.FromSeconds(0.5)));
        await Expect(400, HttpMethod.Post, "/sip/rooms/room%2F1/record", """{"file":"s.ogg","max_duration_s":0}""");
        await Expect(400, HttpMethod.Post, "/sip/rooms/room%2F1/record", """{"file":"../s.ogg"}""");
        await Expect(400, HttpMethod.Post, "/sip/rooms/room%2F1/record", """{"file":".hidden"}""");
    }

    [Test]
    public async Task Programs_AreCommandedAsPhonesAre()
    {
        var bot = await _control.Server.AddParticipantAsync("room1", new RoomBotOptions { Id = "assistant", LeaveWithOthers = false });
        await Expect(200, HttpMethod.Post, "/sip/bots/assistant/mute", "");
        await Expect(200, HttpMethod.Post, "/sip/bots/assistant/gain", """{"decibels":-6}""");
        await Expect(400, HttpMethod.Post, "/sip/bots/assistant/gain", """{"decibels":60}""");
        await Expect(200, HttpMethod.Post, "/sip/bots/assistant/move", """{"room_id":"room2"}""");
        var listed = JsonDocument.Parse(await Expect(200, HttpMethod.Get, "/sip/bots")).RootElement[0];
        Assert.That(
            (listed.GetProperty("muted").GetBoolean(), listed.GetProperty("decibels").GetDouble(), listed.GetProperty("room_id").GetString()),
            Is.EqualTo((true, -6.0, "room2")));

        var other = await _control.Server.AddParticipantAsync("room3", new RoomBotOptions { Id = "assistant", LeaveWithOthers = false });
        await Expect(409, HttpMethod.Delete, "/sip/bots/assistant");
        await Expect(200, HttpMethod.Delete, "/sip/bots/assistant?room_id=room2");
        Assert.That(await bot.Left.WaitAsync(TimeSpan.FromSeconds(10)), Is.EqualTo("by command"));
        await Expect(200, HttpMethod.Delete, "/sip/rooms/room3");
        await other.Left.WaitAsync(TimeSpan.FromSeconds(10));
        await Expect(404, HttpMethod.Delete, "/sip/bots/assistant");
    }

    private static async Task<T> NextAsync<T>(IAsyncEnumerator<SipServerEvent> told)
        where T : SipServerEvent
    {
        while (await told.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)))
        {
            if (told.Current is T wanted)
                return wanted;
        }

        throw new AssertionException($"no {typeof(T).Name}");
    }

    private async Task<string> Expect(int status, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(_control.Url, path));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _control.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo((HttpStatusCode)status), $"{method} {path}: {text}");
        return text;
    }

    private async Task<ISipCall> CallAsync(string room)
    {
        _control.Host.Decide = (_, _) => ValueTask.FromResult(InviteDecision.JoinRoom(room));
        _phone = new SipPhone(new SipPhoneOptions
        {
            Server = $"sip:127.0.0.1:{new Uri(_control.Server.ListenUris[0]).Port}",
            Domain = "test.local",
            Username = "alice",
            Password = "pw-alice",
            Audio = new ToneEndpoint(440),
            Codecs = ["PCMU"],
            FirstMediaPort = 31_800,
            LastMediaPort = 31_899,
        });
        await _phone.StartAsync();
        Assert.That((await (await _phone.CallAsync("700")).Answered).IsAnswered, Is.True);
        for (var i = 0; i < 1000 && _control.Server.Calls.Single().State != CallState.Answered; i++)
            await Task.Delay(10);
        return _control.Server.Calls.Single();
    }
}
