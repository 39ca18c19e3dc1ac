using Atm0s.Sip.Control.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Atm0s.Sip.Control;

/// <summary>Calls and what can be done to them.</summary>
internal static class CallEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/sip/calls", IResult (ISipServer server) =>
            Answers.List(server.Calls, CallResource.From, ControlJson.Default.IReadOnlyListCallResource))
            .WithName("list_calls").WithTags("Calls").WithSummary("The calls that exist now.").Produces<IReadOnlyList<CallResource>>()
                .ProducesProblem(401);
        group.MapGet("/sip/calls/{id}", IResult (string id, ISipServer server) =>
                server.TryGetCall(id, out var call) ? Results.Json(CallResource.From(call), ControlJson.Default.CallResource)
                    : Answers.NoSuchCall())
            .WithName("get_call").WithTags("Calls").WithSummary("One call.").Produces<CallResource>().ProducesProblem(401)
                .ProducesProblem(404);
        Describe(
            group.MapDelete("/sip/calls/{id}", Task<IResult> (string id, ISipServer server) =>
            CommandAsync(server, id, call => call.HangUpAsync())), "hang_up", "End a call.");
        Describe(
            group.MapPost("/sip/calls/{id}/answer", Task<IResult> (string id, ISipServer server) =>
            CommandAsync(server, id, call => call.AnswerAsync())), "answer", "Answer an incoming call that waits.");
        Describe(
            group.MapPost("/sip/calls/{id}/reject", async Task<IResult> (string id, ISipServer server, HttpContext context) =>
                await CommandAsync(server, id, await RequestBody.ReadOrDefaultAsync(context, ControlJson.Default.RejectRequest),
                    (call, body) => call.RejectAsync(body.StatusCode, body.Reason))),
            "reject",
            "Refuse an incoming call that waits.")
            .Accepts<RejectRequest>("application/json").WithExample("""{"status_code":486,"reason":"Busy Here"}""");
        Describe(
            group.MapPost("/sip/calls/{id}/mute", async Task<IResult> (string id, ISipServer server, HttpContext context) =>
                await CommandAsync(server, id, await RequestBody.ReadOrDefaultAsync(context, ControlJson.Default.MuteRequest),
                    (call, body) => call.MuteAsync(body.Muted))),
            "mute",
            "Let the room hear the phone no more, or again.")
            .Accepts<MuteRequest>("application/json").WithExample("""{"muted":true}""");
        Describe(
            group.MapPost("/sip/calls/{id}/hold", Task<IResult> (string id, ISipServer server) =>
            CommandAsync(server, id, call => call.HoldAsync())), "hold", "Put the phone on hold: it hears silence, and the room not it.");
        Describe(
            group.MapPost("/sip/calls/{id}/resume", Task<IResult> (string id, ISipServer server) =>
            CommandAsync(server, id, call => call.ResumeAsync())), "resume", "Go on after a hold.");
        Describe(
            group.MapPost("/sip/calls/{id}/gain", async Task<IResult> (string id, ISipServer server, HttpContext context) =>
                await CommandAsync(server, id, await RequestBody.ReadAsync(context, ControlJson.Default.GainRequest), (call, body) =>
                    call.SetGainAsync(body.Decibels))),
            "gain",
            "Let the room hear the phone louder or softer.")
            .Accepts<GainRequest>("application/json").WithExample("""{"decibels":-6}""");
        Describe(
            group.MapPost("/sip/calls/{id}/automatic_gain", async Task<IResult> (string id, ISipServer server, HttpContext context) =>
                await CommandAsync(server, id, await RequestBody.ReadOrDefaultAsync(context, ControlJson.Default.AutomaticGainRequest),
                    (call, body) => call.SetAutomaticGainAsync(body.On))),
            "automatic_gain",
            "Let the room hear the phone about as loud as others, however loud it comes; or as it comes.")
            .Accepts<AutomaticGainRequest>("application/json").WithExample("""{"on":true}""");
        Describe(
            group.MapPost("/sip/calls/{id}/rule", async Task<IResult> (string id, ISipServer server, HttpContext context) =>
                await CommandAsync(server, id, await RequestBody.ReadOrDefaultAsync(context, ControlJson.Default.HearingRule),
                    (call, body) => call.SetRuleAsync(body.ToRule(server, call.Info.RoomId)))),
            "rule",
            "Say whom the phone hears in its room, and who hears it there: to whisper, to coach, to be deaf.")
            .Accepts<HearingRule>("application/json").WithExample("""{"deaf":true}""");
        Describe(
            group.MapPost("/sip/calls/{id}/dtmf", async Task<IResult> (string id, ISipServer server, HttpContext context) =>
                await CommandAsync(server, id, await RequestBody.ReadAsync(context, ControlJson.Default.DtmfRequest), (call, body) =>
                    call.SendDtmfAsync(
                        body.Digits ?? "", TimeSpan.FromMilliseconds(body.DurationMs), TimeSpan.FromMilliseconds(body.GapMs)))),
            "dtmf",
            "Send digits to the phone.")
            .Accepts<DtmfRequest>("application/json").WithExample("""{"digits":"12#","duration_ms":100,"gap_ms":60}""");
        Describe(
            group.MapPost("/sip/calls/{id}/move", async Task<IResult> (string id, ISipServer server, HttpContext context) =>
                await CommandAsync(server, id, await RequestBody.ReadAsync(context, ControlJson.Default.MoveRequest), (call, body) =>
                    call.MoveToRoomAsync(body.RoomId ?? ""))),
            "move",
            "Take a call to another room.")
            .Accepts<MoveRequest>("application/json").WithExample("""{"room_id":"room2"}""");
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint, string name, string summary) => endpoint
        .WithName(name).WithTags("Calls").WithSummary(summary)
        .Produces<CommandDone>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(404).ProducesProblem(409);

    private static async Task<IResult> CommandAsync(ISipServer server, string id, Func<ISipCall, Task<CallCommandResult>> command)
    {
        if (!server.TryGetCall(id, out var call))
            return Answers.NoSuchCall();
        try
        {
            return Answers.Command(await command(call));
        }
        catch (ArgumentException exception)
        {
            return Answers.Invalid(exception);
        }
    }

    private static Task<IResult> CommandAsync<T>(ISipServer server, string id, T? body, Func<ISipCall, T, Task<CallCommandResult>> command)
        where T : class =>
        body is null ? Task.FromResult(Answers.Problem(400, "The body is no JSON of the expected shape."))
            : CommandAsync(server, id, call => command(call, body));
}
