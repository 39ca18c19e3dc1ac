using System.Text.Json;
using Atm0s.Sip.Control.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Atm0s.Sip.Control;

/// <summary>What was decided about a call, room for its messages, and its transfer.</summary>
internal static class CallInsightEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/sip/calls/{id}/explain", IResult (string id, ISipServer server) => server.TryGetReport(id, out var call)
                ? Answers.List(call.Notes, CallNoteResource.From, ControlJson.Default.IReadOnlyListCallNoteResource)
                : Answers.NoSuchCall())
            .WithName("explain_call").WithTags("Calls").WithSummary("What was decided about a call that goes on or has ended, and why.")
            .Produces<IReadOnlyList<CallNoteResource>>().ProducesProblem(401).ProducesProblem(404);
        group.MapPost("/sip/calls/{id}/trace", async Task<IResult> (string id, ISipServer server) => server.TryGetCall(id, out var call)
                ? Answers.Command(await call.TraceWireAsync())
                : Answers.NoSuchCall())
            .WithName("trace_call").WithTags("Calls").WithSummary("Give the SIP messages of a call more room from now on: 128 KiB.")
            .Produces<CommandDone>().ProducesProblem(401).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/sip/calls/{id}/transfer", TransferAsync)
            .WithName("transfer").WithTags("Calls").WithSummary("Send a phone elsewhere; answers when it says how it went.")
            .Accepts<TransferCommand>("application/json").WithExample("""{"target":"1002","timeout_s":1}""")
            .Produces<TransferAnswer>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(404);
    }

    private static async Task<IResult> TransferAsync(string id, HttpContext context, ISipServer server)
    {
        if (!server.TryGetCall(id, out var call))
            return Answers.NoSuchCall();
        if (await RequestBody.ReadAsync(context, ControlJson.Default.TransferCommand) is not { } request)
            return Answers.Problem(400, "The body is no JSON of the expected shape.");
        if (request.Target is null == request.CallId is null)
            return Answers.Problem(400, "The body must hold either a target or a call_id.");
        ISipCall? other = null;
        if (request.CallId is { } otherId && !server.TryGetCall(otherId, out other))
            return Answers.NoSuchCall();
        try
        {
            var options = new TransferOptions { Timeout = TimeSpan.FromSeconds(request.TimeoutSeconds) };
            var result = await (other is null ? call.TransferAsync(request.Target!, options) : call.TransferAsync(other, options));
            var status = JsonNamingPolicy.SnakeCaseLower.ConvertName(result.Status.ToString());
            return Results.Json(new TransferAnswer(status, result.StatusCode), ControlJson.Default.TransferAnswer);
        }
        catch (ArgumentException exception)
        {
            return Answers.Invalid(exception);
        }
    }
}
