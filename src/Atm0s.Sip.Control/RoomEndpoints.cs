using Atm0s.Sip.Control.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Atm0s.Sip.Control;

/// <summary>Rooms: what there is, and the end of one.</summary>
internal static class RoomEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/sip/rooms", IResult (ISipServer server) =>
            Answers.List(server.Rooms, RoomResource.From, ControlJson.Default.IReadOnlyListRoomResource))
            .WithName("list_rooms").WithTags("Rooms").WithSummary("The rooms that have members now.")
            .Produces<IReadOnlyList<RoomResource>>().ProducesProblem(401).ProducesProblem(403);
        group.MapGet("/sip/rooms/{id}", IResult (string id, HttpContext context, ISipServer server) =>
                Find(server, PathName.Last(context, id)) is { } room
                    ? Results.Json(RoomResource.From(room, server.Calls), ControlJson.Default.RoomResource)
                    : NoSuchRoom())
            .WithName("get_room").WithTags("Rooms").WithSummary("One room.")
            .Produces<RoomResource>().ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);
        group.MapPost("/sip/rooms/{id}/max_speakers", Task<IResult> (string id, HttpContext context, ISipServer server) =>
                SetMaxSpeakersAsync(server, PathName.BeforeLast(context, id), context))
            .WithName("max_speakers").WithTags("Rooms").WithSummary("Say how many are heard at a time in a room.")
            .Accepts<MaxSpeakersRequest>("application/json").WithExample("""{"max_speakers":5}""")
            .Produces<CommandDone>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);
        group.MapDelete("/sip/rooms/{id}", Task<IResult> (string id, HttpContext context, ISipServer server) =>
                EndAsync(server, PathName.Last(context, id)))
            .WithName("end_room").WithTags("Rooms").WithSummary("End every call of a room, connecting ones included; programs leave it.")
            .Produces<CommandDone>().ProducesProblem(401).ProducesProblem(403).ProducesProblem(404);
    }

    private static async Task<IResult> SetMaxSpeakersAsync(ISipServer server, string id, HttpContext context)
    {
        if (await RequestBody.ReadAsync(context, ControlJson.Default.MaxSpeakersRequest) is not { MaxSpeakers: { } count })
            return Answers.Problem(400, "The body is no JSON of the expected shape.");
        try
        {
            return server.SetMaxSpeakers(id, count) ? Answers.Command(CallCommandResult.Done) : NoSuchRoom();
        }
        catch (ArgumentException exception)
        {
            return Answers.Invalid(exception);
        }
    }

    private static async Task<IResult> EndAsync(ISipServer server, string id)
    {
        var calls = server.Calls.Where(call => call.Info.RoomId == id).ToList();
        var bots = server.Bots.Where(bot => bot.RoomId == id).ToList();
        if (calls.Count + bots.Count == 0)
            return NoSuchRoom();
        foreach (var bot in bots)
            bot.Leave("the room was ended");
        var results = await Task.WhenAll(calls.Select(static call => call.HangUpAsync()));
        return Answers.Command(bots.Count > 0 || results.Contains(CallCommandResult.Done) ? CallCommandResult.Done : CallCommandResult.AlreadyDone);
    }

    private static RoomInfo? Find(ISipServer server, string id) => server.Rooms.FirstOrDefault(room => room.Id == id);

    private static IResult NoSuchRoom() => Answers.Problem(404, "There is no such room, or nobody is in it.");
}
