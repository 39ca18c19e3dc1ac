using Atm0s.Sip.Dashboard.Live;
using Atm0s.Sip.Dashboard.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Atm0s.Sip.Dashboard.Endpoints;

/// <summary>What the page can do to calls and rooms.</summary>
internal static class CommandEndpoints
{
    private const int MaxRoomName = 256;

    public static void Map(RouteGroupBuilder group, ISipServer server)
    {
        group.MapPost("/calls/{id}", Task<IResult> (string id, HttpContext context) => CommandAsync(context, server, id));
        group.MapPost("/hang-up-room", Task<IResult> (HttpContext context) => HangUpRoomAsync(context, server));
        group.MapPost("/dial", Task<IResult> (HttpContext context) => DialAsync(context, server));
    }

    private static async Task<IResult> CommandAsync(HttpContext context, ISipServer server, string id)
    {
        if (await OrderBody.ReadAsync(context, DashboardJson.Default.CallOrder).ConfigureAwait(false) is not { } order)
            return NoOrder();
        if (!server.TryGetCall(id, out var call))
            return Gone();
        try
        {
            return Answer(await RunAsync(call, order).ConfigureAwait(false));
        }
        catch (ArgumentException exception)
        {
            return Invalid(exception);
        }
    }

    private static Task<CallCommandResult> RunAsync(ISipCall call, CallOrder order) => order.Do switch
    {
        "answer" => call.AnswerAsync(),
        "hang_up" => call.HangUpAsync(),
        "mute" => call.MuteAsync(),
        "unmute" => call.MuteAsync(false),
        "hold" => call.HoldAsync(),
        "resume" => call.ResumeAsync(),
        "digits" => call.SendDtmfAsync(order.Digits ?? ""),
        "move" => call.MoveToRoomAsync(RoomName(order.Room)),
        "trace" => call.TraceWireAsync(),
        _ => throw new ArgumentException("There is no such order."),
    };

    private static async Task<IResult> HangUpRoomAsync(HttpContext context, ISipServer server)
    {
        if (await OrderBody.ReadAsync(context, DashboardJson.Default.RoomOrder).ConfigureAwait(false) is not { Room.Length: > 0 } order)
            return NoOrder();
        var calls = server.Calls.Where(call => call.Info.RoomId == order.Room).ToList();
        if (calls.Count == 0)
            return Results.Problem("Nobody is in that room any more.", statusCode: 404);
        await Task.WhenAll(calls.Select(static call => call.HangUpAsync())).ConfigureAwait(false);
        return Answer(CallCommandResult.Done);
    }

    private static async Task<IResult> DialAsync(HttpContext context, ISipServer server)
    {
        if (await OrderBody.ReadAsync(context, DashboardJson.Default.DialOrder).ConfigureAwait(false) is not { } order)
            return NoOrder();
        try
        {
            var call = await DialAsync(server, order, context.RequestAborted).ConfigureAwait(false);
            if (call.State != CallState.Ended)
                return Results.Json(new Done("started", call.Id), DashboardJson.Default.Done);
            var end = await call.Ended.ConfigureAwait(false);
            return Results.Problem($"The call could not be made: {RowText.Words(end.Cause)}, {end.Reason}.", statusCode: 409);
        }
        catch (ArgumentException exception)
        {
            return Invalid(exception);
        }
        catch (InvalidOperationException)
        {
            return Results.Problem("The server is not running.", statusCode: 503);
        }
    }

    private static ValueTask<ISipCall> DialAsync(ISipServer server, DialOrder order, CancellationToken cancellation)
    {
        var room = RoomName(order.Room);
        var to = order.To?.Trim() is { Length: > 0 } text ? text : throw new ArgumentException("Write whom to call.");
        var from = order.From?.Trim() is { Length: > 0 } number ? number : room;
        return order.Kind switch
        {
            "user" => server.CallUserAsync(room, to, from, null, cancellation),
            "trunk" => server.CallTrunkAsync(room, order.Trunk ?? "", to, from, null, cancellation),
            "address" => server.CallServerAsync(room, IsUri(to) ? to : $"sip:{to}", from, null, cancellation),
            _ => throw new ArgumentException("Choose a user, a trunk or an address."),
        };
    }

    private static bool IsUri(string to) =>
        to.StartsWith("sip:", StringComparison.OrdinalIgnoreCase) || to.StartsWith("sips:", StringComparison.OrdinalIgnoreCase);

    private static string RoomName(string? room) =>
        room?.Trim() is { Length: > 0 and <= MaxRoomName } name && !name.Any(char.IsControl) ? name
            : throw new ArgumentException("A room's name has 1 to 256 characters.");

    private static IResult Answer(CallCommandResult result) => result switch
    {
        CallCommandResult.Done or CallCommandResult.AlreadyDone => Results.Json(new Done(RowText.Of(result)), DashboardJson.Default.Done),
        CallCommandResult.Ended => Gone(),
        _ => Results.Problem("The call can't do that in its state, or its phone can't.", statusCode: 409),
    };

    private static IResult NoOrder() => Results.Problem("The body is no JSON of the expected shape.", statusCode: 400);

    private static IResult Gone() => Results.Problem("The call has ended.", statusCode: 404);

    // Without what .NET adds for programmers.
    private static IResult Invalid(ArgumentException exception)
    {
        var end = exception.Message.IndexOf(" (Parameter '", StringComparison.Ordinal);
        return Results.Problem(end < 0 ? exception.Message : exception.Message[..end], statusCode: 400);
    }
}
