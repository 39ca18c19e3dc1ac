using Atm0s.Sip.Control.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Atm0s.Sip.Control;

/// <summary>The programs that are in rooms, commanded as phones are. A name that programs of several rooms have needs <c>room_id</c>.</summary>
internal static class BotEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/sip/bots", IResult (ISipServer server) =>
            Answers.List(server.Bots, bot => BotMessage.From(bot.GetInfo()), ControlJson.Default.IReadOnlyListBotMessage))
            .WithName("list_bots").WithTags("Rooms").WithSummary("The programs that are in rooms now.")
            .Produces<IReadOnlyList<BotMessage>>().ProducesProblem(401).ProducesProblem(403);
        Describe(
            group.MapDelete("/sip/bots/{id}", IResult (
                string id, [FromQuery(Name = "room_id")] string? roomId, ISipServer server, HttpContext context) =>
                Command(server, PathName.Last(context, id), roomId, "", static (bot, _) =>
                {
                    bot.Leave("by command");
                    return true;
                })),
            "remove_bot", "Take a program out of its room.");
        Describe(
            group.MapPost("/sip/bots/{id}/mute", async Task<IResult> (
                string id, [FromQuery(Name = "room_id")] string? roomId, ISipServer server, HttpContext context) =>
                Command(server, PathName.BeforeLast(context, id), roomId,
                    await RequestBody.ReadOrDefaultAsync(context, ControlJson.Default.MuteRequest), (bot, body) =>
                {
                    bot.Mute(body.Muted);
                    return true;
                })),
            "mute_bot", "Let the room hear a program no more, or again.")
            .Accepts<MuteRequest>("application/json").WithExample("""{"muted":true}""");
        Describe(
            group.MapPost("/sip/bots/{id}/gain", async Task<IResult> (
                string id, [FromQuery(Name = "room_id")] string? roomId, ISipServer server, HttpContext context) =>
                Command(server, PathName.BeforeLast(context, id), roomId,
                    await RequestBody.ReadAsync(context, ControlJson.Default.GainRequest), (bot, body) =>
                {
                    bot.SetGain(body.Decibels);
                    return true;
                })),
            "gain_bot", "Let the room hear a program louder or softer.")
            .Accepts<GainRequest>("application/json").WithExample("""{"decibels":-6}""");
        Describe(
            group.MapPost("/sip/bots/{id}/move", async Task<IResult> (
                string id, [FromQuery(Name = "room_id")] string? roomId, ISipServer server, HttpContext context) =>
                Command(server, PathName.BeforeLast(context, id), roomId,
                    await RequestBody.ReadAsync(context, ControlJson.Default.MoveRequest), (bot, body) =>
                    bot.MoveToRoom(body.RoomId ?? ""))),
            "move_bot", "Take a program to another room.")
            .Accepts<MoveRequest>("application/json").WithExample("""{"room_id":"room2"}""");
        Describe(
            group.MapPost("/sip/bots/{id}/rule", async Task<IResult> (
                string id, [FromQuery(Name = "room_id")] string? roomId, ISipServer server, HttpContext context) =>
                Command(server, PathName.BeforeLast(context, id), roomId,
                    await RequestBody.ReadOrDefaultAsync(context, ControlJson.Default.HearingRule), (bot, body) =>
                    bot.SetRule(body.ToRule(server, bot.RoomId)))),
            "rule_bot", "Say whom a program hears in its room, and who hears it there.")
            .Accepts<HearingRule>("application/json").WithExample("""{"deaf":true}""");
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint, string name, string summary) => endpoint
        .WithName(name).WithTags("Rooms").WithSummary(summary)
        .Produces<CommandDone>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(404).ProducesProblem(409);

    private static IResult Command<T>(ISipServer server, string id, string? roomId, T? body, Func<RoomBot, T, bool> command)
        where T : class
    {
        if (body is null)
            return Answers.Problem(400, "The body is no JSON of the expected shape.");
        var found = server.Bots.Where(bot => bot.Id == id && (roomId is null || bot.RoomId == roomId)).Take(2).ToList();
        if (found.Count == 0)
            return NoSuchBot();
        if (found.Count > 1)
            return Answers.Problem(409, "Several rooms have a program of this name: add room_id.");
        try
        {
            return command(found[0], body) ? Answers.Command(CallCommandResult.Done) : NoSuchBot();
        }
        catch (ArgumentException exception)
        {
            return Answers.Invalid(exception);
        }
    }

    private static IResult NoSuchBot() => Answers.Problem(404, "There is no such program, or it has left.");
}
