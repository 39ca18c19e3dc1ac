using Atm0s.Sip.Control.Messages;
using Atm0s.Sip.Core.Messages;
using Atm0s.Sip.Hooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Atm0s.Sip.Control;

/// <summary>Outgoing calls, as the original makes them: the call's id comes back as soon as the INVITE is on its way.</summary>
internal static class InviteEndpoints
{
    private const string BadRequest = "INVALID_REQUEST";
    private const string PlainText = "text/plain";

    public static void Map(RouteGroupBuilder group)
    {
        Describe<InviteClientRequest>(
            group.MapPost("/sip/invite/client", InviteClientAsync), "invite_client", "Ring a registered phone and put it into a room.")
            .WithExample("""{"room_id":"room1","dest_session_id":"01HZX3","from_number":"1001"}""");
        Describe<InviteUserRequest>(group.MapPost("/sip/invite/user", InviteUserAsync), "invite_user",
            "Ring the phones of a user and put the one that answers into a room.")
            .WithExample("""{"room_id":"room1","username":"bob","from_number":"1001","ring_order":"by_priority"}""");
        Describe<InviteServerRequest>(group.MapPost("/sip/invite/server", InviteServerAsync), "invite_server",
            "Call another SIP server and put the call into a room.")
            .WithExample("""{"room_id":"room1","dest_addr":"127.0.0.1:5080","dest_auth":{"username":"1001","password":"secret"},"from_number":"1001","to_number":"2002"}""");
        Describe<InviteTrunkRequest>(group.MapPost("/sip/invite/trunk", InviteTrunkAsync), "invite_trunk",
            "Call a number over a trunk and put the call into a room.")
            .WithExample("""{"room_id":"room1","trunk":"carrier","from_number":"1001","to_number":"2002"}""");
    }

    private static RouteHandlerBuilder Describe<TRequest>(RouteHandlerBuilder endpoint, string name, string summary)
        where TRequest : notnull => endpoint
        .WithName(name).WithTags("Invite").WithSummary(summary).WithMetadata(new EnvelopeMetadata())
        .Accepts<TRequest>("application/json")
        .Produces<Envelope<InviteStarted>>()
        .Produces<string>(400, PlainText).Produces<string>(401, PlainText).Produces<string>(403, PlainText).Produces<string>(404, PlainText)
        .Produces<string>(413, PlainText).Produces<string>(415, PlainText).Produces<string>(500, PlainText)
            .Produces<string>(503, PlainText);

    private static async Task<IResult> InviteClientAsync(HttpContext context, ISipServer server)
    {
        if (await RequestBody.ReadAsync(context, ControlJson.Default.InviteClientRequest) is not { RoomId: { } room,
            DestSessionId.Length: > 0, FromNumber: { } from } request)
            return Answers.Failed(400, BadRequest);
        return await StartAsync(() => server.CallClientAsync(
            room, request.DestSessionId, from, new OutgoingCallOptions { ForCallId = request.ForConnId }, context.RequestAborted));
    }

    private static async Task<IResult> InviteUserAsync(HttpContext context, ISipServer server)
    {
        if (await RequestBody.ReadAsync(context, ControlJson.Default.InviteUserRequest)
            is not { RoomId: { } room, Username: { Length: > 0 } username, FromNumber: { } from } request)
            return Answers.Failed(400, BadRequest);
        RingOrder? order = request.RingOrder switch
        {
            null or "all_at_once" => RingOrder.AllAtOnce,
            "by_priority" => RingOrder.ByPriority,
            _ => null,
        };
        if (order is not { } known)
            return Answers.Failed(400, BadRequest);
        var options = new OutgoingCallOptions { RingOrder = known, ForCallId = request.ForConnId };
        return await StartAsync(() => server.CallUserAsync(room, username, from, options, context.RequestAborted));
    }

    private static async Task<IResult> InviteServerAsync(HttpContext context, ISipServer server)
    {
        if (await RequestBody.ReadAsync(context, ControlJson.Default.InviteServerRequest)
            is not { RoomId: { } room, DestAddr: { } address, FromNumber: { } from, ToNumber: { Length: > 0 } to } request)
            return Answers.Failed(400, BadRequest);
        if (!DestinationAddress.TryParse(address, out var endPoint))
            return Answers.Failed(400, "INVALID_DEST_ADDR");
        var options = new OutgoingCallOptions
        {
            ToNumber = to,
            ForCallId = request.ForConnId,
            Credentials = request.DestAuth is { Username: { Length: > 0 } user } auth ? new SipCredentials(user, auth.Password ?? "")
                : null,
        };
        return await StartAsync(
            () => server.CallServerAsync(room, $"sip:{SipEscapes.EscapeUser(to)}@{endPoint}", from, options, context.RequestAborted));
    }

    private static async Task<IResult> InviteTrunkAsync(HttpContext context, ISipServer server)
    {
        if (await RequestBody.ReadAsync(context, ControlJson.Default.InviteTrunkRequest)
            is not { RoomId: { } room, Trunk.Length: > 0, FromNumber: { } from, ToNumber: { Length: > 0 } to } request)
            return Answers.Failed(400, BadRequest);
        return await StartAsync(() => server.CallTrunkAsync(
            room, request.Trunk, to, from, new OutgoingCallOptions { ForCallId = request.ForConnId }, context.RequestAborted));
    }

    private static async Task<IResult> StartAsync(Func<ValueTask<ISipCall>> start)
    {
        ISipCall call;
        try
        {
            call = await start();
        }
        catch (ArgumentException)
        {
            return Answers.Failed(400, BadRequest);
        }

        // A phone can be faster with its refusal than we with this answer: whoever waits for it hears what it said.
        if (call.IsBegun)
            return Answers.Started(call);
        return (await call.Ended) switch
        {
            { StatusCode: 404 or 480 } => Answers.Failed(404, "NOT_FOUND"),
            { Cause: CallEndCause.Gone, StatusCode: 503 } => Answers.Failed(503, "UNREACHABLE"),
            { Cause: CallEndCause.Failed, StatusCode: 503 } => Answers.Failed(503, "OVERLOADED"),
            _ => Answers.Failed(500, "INTERNAL_ERROR"),
        };
    }
}
