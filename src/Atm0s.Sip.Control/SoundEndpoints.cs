using System.Text.Json;
using Atm0s.Sip.Control.Messages;
using Atm0s.Sip.Hooks.Http.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Atm0s.Sip.Control;

/// <summary>What calls hear and say beside their rooms: clips, digits that are asked for, recordings, streams.</summary>
internal static class SoundEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        Describe<CommandDone>(
            group.MapPost("/sip/calls/{id}/play", async Task<IResult> (
                string id, ISipServer server, ServedFiles files, Playing playing, HttpContext context) =>
                await OnCallAsync<PlayRequest>(
                    server, id, await RequestBody.ReadAsync(context, ControlJson.Default.PlayRequest), async (call, body) =>
                    await files.LoadAsync(body.File, context.RequestAborted) is not { } clip ? NoSuchFile()
                    : Answers.Command(await playing.StartAsync(
                        "call " + id, body.ToOptions(), (options, stop) => call.PlayAsync(clip, options, stop))))),
            "play", "Calls", "Play a file to a phone alone.")
            .Accepts<PlayRequest>("application/json").WithExample("""{"file":"welcome.wav","stop_keys":"#"}""");
        Describe<CommandDone>(
            group.MapDelete("/sip/calls/{id}/play", IResult (string id, Playing playing) =>
                Answers.Command(playing.Stop("call " + id) ? CallCommandResult.Done : CallCommandResult.AlreadyDone)),
            "stop_play", "Calls", "Stop what is played to a phone.");
        Describe<GatherAnswer>(
            group.MapPost("/sip/calls/{id}/gather", async Task<IResult> (
                string id, ISipServer server, ServedFiles files, HttpContext context) =>
                await OnCallAsync<GatherRequest>(
                    server, id, await RequestBody.ReadOrDefaultAsync(context, ControlJson.Default.GatherRequest), async (call, body) =>
                    await GatherAsync(call, body, files, context.RequestAborted))),
            "gather", "Calls", "Ask a phone for digits; answers when they are there.")
            .Accepts<GatherRequest>("application/json")
            .WithExample("""{"min_digits":4,"max_digits":8,"terminator":"#","first_digit_timeout_s":1,"tries":1}""");
        Describe<RecordingResource>(
            group.MapPost("/sip/calls/{id}/record", async Task<IResult> (
                string id, ISipServer server, ServedFiles files, HttpContext context) =>
                await OnCallAsync<RecordRequest>(
                    server, id, await RequestBody.ReadAsync(context, ControlJson.Default.RecordRequest), async (call, body) =>
                    files.RecordingPathOf(body.File) is not { } path ? NoFolder()
                    : RecordingOf(await call.StartRecordingAsync(path, body.ToOptions())))),
            "record_call", "Recordings", "Record a call into a file of the server.")
            .Accepts<RecordRequest>("application/json").WithExample("""{"file":"call-1.wav","two_channels":true}""");
        Describe<StreamResource>(
            group.MapPost("/sip/calls/{id}/stream", async Task<IResult> (string id, ISipServer server, HttpContext context) =>
                await OnCallAsync<InviteHookStream>(
                    server, id, await RequestBody.ReadAsync(context, ControlJson.Default.InviteHookStream), async (call, body) =>
                    StreamOf(await call.StartStreamAsync(body.ToOptions())))),
            "stream_call", "Streams", "Let a program hear a call over a WebSocket, and speak with the phone.")
            .Accepts<InviteHookStream>("application/json").WithExample("""{"url":"wss://bot.example.com/media","two_way":false}""");
        MapRooms(group);
        MapLists(group);
    }

    private static void MapRooms(RouteGroupBuilder group)
    {
        Describe<CommandDone>(
            group.MapPost("/sip/rooms/{id}/play", async Task<IResult> (
                string id, ISipServer server, ServedFiles files, Playing playing, HttpContext context) =>
                await OnRoomAsync<PlayRequest>(await RequestBody.ReadAsync(context, ControlJson.Default.PlayRequest), async body =>
                    await files.LoadAsync(body.File, context.RequestAborted) is not { } clip ? NoSuchFile()
                    : await playing.StartAsync(
                        "room " + PathName.BeforeLast(context, id), body.ToOptions(),
                        (options, stop) => server.PlayAsync(PathName.BeforeLast(context, id), clip, options, stop)) == CallCommandResult.Done
                        ? Answers.Command(CallCommandResult.Done) : NoSuchRoom())),
            "play_room", "Rooms", "Play a file to all of a room.")
            .Accepts<PlayRequest>("application/json").WithExample("""{"file":"music.ogg","loop":true,"duck":true}""");
        Describe<CommandDone>(
            group.MapDelete("/sip/rooms/{id}/play", IResult (string id, Playing playing, HttpContext context) =>
                Answers.Command(playing.Stop("room " + PathName.BeforeLast(context, id)) ? CallCommandResult.Done : CallCommandResult.AlreadyDone)),
            "stop_play_room", "Rooms", "Stop what is played to a room.");
        Describe<RecordingResource>(
            group.MapPost("/sip/rooms/{id}/record", async Task<IResult> (
                string id, ISipServer server, ServedFiles files, HttpContext context) =>
                await OnRoomAsync<RecordRequest>(await RequestBody.ReadAsync(context, ControlJson.Default.RecordRequest), async body =>
                    files.RecordingPathOf(body.File) is not { } path ? NoFolder()
                    : await server.StartRecordingAsync(PathName.BeforeLast(context, id), path, body.ToOptions()) is { } recording ? RecordingOf(recording)
                    : NoSuchRoom())),
            "record_room", "Recordings", "Record a room into a file of the server.")
            .Accepts<RecordRequest>("application/json").WithExample("""{"file":"meeting.ogg"}""");
        Describe<StreamResource>(
            group.MapPost("/sip/rooms/{id}/stream", async Task<IResult> (string id, ISipServer server, HttpContext context) =>
                await OnRoomAsync<InviteHookStream>(
                    await RequestBody.ReadAsync(context, ControlJson.Default.InviteHookStream), async body =>
                    await server.StartStreamAsync(PathName.BeforeLast(context, id), body.ToOptions() with { MustFindRoom = true })
                        is { } stream ? StreamOf(stream) : NoSuchRoom())),
            "stream_room", "Streams", "Let a program hear a room over a WebSocket, or be a member of it.")
            .Accepts<InviteHookStream>("application/json").WithExample("""{"url":"wss://bot.example.com/media","two_way":false}""");
    }

    private static void MapLists(RouteGroupBuilder group)
    {
        group.MapGet("/sip/recordings", IResult (ISipServer server) => Answers.List(
                server.Recordings,
                recording => RecordingResource.From(recording.GetInfo()),
                ControlJson.Default.IReadOnlyListRecordingResource))
            .WithName("list_recordings").WithTags("Recordings").WithSummary("The recordings that go on now.")
            .Produces<IReadOnlyList<RecordingResource>>().ProducesProblem(401).ProducesProblem(403);
        Describe<RecordingResource>(
            group.MapPost("/sip/recordings/{id}/pause", IResult (string id, ISipServer server) =>
                WithRecording(server, id, recording => recording.Pause())),
            "pause_recording", "Recordings", "Leave out what comes from now on.");
        Describe<RecordingResource>(
            group.MapPost("/sip/recordings/{id}/resume", IResult (string id, ISipServer server) =>
                WithRecording(server, id, recording => recording.Resume())),
            "resume_recording", "Recordings", "Go on after a pause.");
        Describe<RecordingResource>(
            group.MapDelete("/sip/recordings/{id}", async Task<IResult> (string id, ISipServer server) =>
            {
                if (server.Recordings.FirstOrDefault(one => one.Id == id) is not { } recording)
                    return Answers.Problem(404, "There is no such recording, or it has ended.");
                await recording.StopAsync();
                return RecordingOf(recording);
            }),
            "stop_recording", "Recordings", "End a recording.");
        group.MapGet("/sip/streams", IResult (ISipServer server) => Answers.List(
                server.Streams, stream => StreamResource.From(stream.GetInfo()), ControlJson.Default.IReadOnlyListStreamResource))
            .WithName("list_streams").WithTags("Streams").WithSummary("The media streams that go on now.")
            .Produces<IReadOnlyList<StreamResource>>().ProducesProblem(401).ProducesProblem(403);
        Describe<StreamResource>(
            group.MapDelete("/sip/streams/{id}", async Task<IResult> (string id, ISipServer server) =>
            {
                if (server.Streams.FirstOrDefault(one => one.Id == id) is not { } stream)
                    return Answers.Problem(404, "There is no such stream, or it is over.");
                await stream.StopAsync();
                return StreamOf(stream);
            }),
            "stop_stream", "Streams", "End a media stream.");
    }

    private static RouteHandlerBuilder Describe<T>(RouteHandlerBuilder endpoint, string name, string tag, string summary) => endpoint
        .WithName(name).WithTags(tag).WithSummary(summary)
        .Produces<T>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(404).ProducesProblem(409);

    private static async Task<IResult> OnCallAsync<T>(ISipServer server, string id, T? body, Func<ISipCall, T, Task<IResult>> command)
        where T : class =>
        !server.TryGetCall(id, out var call) ? Answers.NoSuchCall() : await OnRoomAsync<T>(body, wanted => command(call, wanted));

    private static async Task<IResult> OnRoomAsync<T>(T? body, Func<T, Task<IResult>> command)
        where T : class
    {
        if (body is null)
            return Answers.Problem(400, "The body is no JSON of the expected shape.");
        try
        {
            return await command(body);
        }
        catch (ArgumentException exception)
        {
            return Answers.Invalid(exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return Answers.Problem(409, "The file can't be read or written.");
        }
    }

    private static async Task<IResult> GatherAsync(ISipCall call, GatherRequest body, ServedFiles files, CancellationToken aborted)
    {
        AudioClip? prompt = null, again = null;
        if ((body.Prompt is not null && (prompt = await files.LoadAsync(body.Prompt, aborted)) is null)
            || (body.RetryPrompt is not null && (again = await files.LoadAsync(body.RetryPrompt, aborted)) is null))
            return NoSuchFile();
        var result = await call.GatherDigitsAsync(body.ToOptions(prompt, again), aborted);
        return result.End == GatherEnd.NotPossible
            ? Answers.Command(CallCommandResult.NotPossible)
            : Results.Json(
                new GatherAnswer(JsonNamingPolicy.SnakeCaseLower.ConvertName(result.End.ToString()), result.Digits),
                ControlJson.Default.GatherAnswer);
    }

    private static IResult WithRecording(ISipServer server, string id, Action<Recording> command)
    {
        if (server.Recordings.FirstOrDefault(one => one.Id == id) is not { } recording)
            return Answers.Problem(404, "There is no such recording, or it has ended.");
        command(recording);
        return RecordingOf(recording);
    }

    private static IResult RecordingOf(Recording? recording) => recording is null
        ? Answers.Command(CallCommandResult.NotPossible)
        : Results.Json(RecordingResource.From(recording.GetInfo()), ControlJson.Default.RecordingResource);

    private static IResult StreamOf(MediaStream? stream) => stream is null
        ? Answers.Command(CallCommandResult.NotPossible)
        : Results.Json(StreamResource.From(stream.GetInfo()), ControlJson.Default.StreamResource);

    private static IResult NoSuchFile() => Answers.Problem(404, "There is no such file in the folder of sounds.");

    private static IResult NoFolder() => Answers.Problem(404, "There is no folder for recordings.");

    private static IResult NoSuchRoom() => Answers.Problem(404, "There is no such room, or nobody is in it.");
}
