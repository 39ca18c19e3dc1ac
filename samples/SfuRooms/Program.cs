// My product has an SFU: how do phones get into its rooms, without their voices being decoded on the way?
//   dotnet run --project samples/SfuRooms
// Phones call sip:hall@127.0.0.1:5060. Programs and pages come to ws://127.0.0.1:5080/rooms/hall?name=bob (see WebMember).
using Atm0s.Sip;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Hooks.Routing;
using SfuRooms;

var (sip, web) = args is [var first, var second] ? (int.Parse(first, null), int.Parse(second, null)) : (5060, 5080);
var rooms = new Sfu();
var builder = WebApplication.CreateBuilder();
builder.WebHost.UseUrls($"http://127.0.0.1:{web}");
builder.Services
    .AddSipServer(options =>
    {
        options.Listen($"udp://127.0.0.1:{sip}");
        options.Registrar.Enabled = false;
        options.Authentication.RequireForCalls = false;
    })
    .AddInviteHandler(InviteHandlers.From(invite => InviteDecision.JoinRoom(invite.To)))
    .AddRoomProvider(rooms);

var app = builder.Build();
// Any page that is open on this machine could connect, hear the callers and speak to them: those of this host alone may. Yours shows a token.
var sockets = new WebSocketOptions();
sockets.AllowedOrigins.Add($"http://127.0.0.1:{web}");
sockets.AllowedOrigins.Add($"http://localhost:{web}");
app.UseWebSockets(sockets);
app.Map("/rooms/{room}", async (HttpContext context, string room, string name) =>
{
    if (!context.WebSockets.IsWebSocketRequest || name.Length is 0 or > 80)
        return Results.BadRequest("This is for WebSockets, and whoever comes has a name.");
    var member = new WebMember(name);
    if (!rooms.Join(room, member))
        return Results.Conflict("Somebody has that name, or the room is full.");
    try
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await member.RunAsync(socket, (in OpusFrame frame) => rooms.Room(room)?.Forward(member, frame), context.RequestAborted);
    }
    finally
    {
        rooms.Leave(room, member);
    }

    return Results.Empty;
});
await app.RunAsync();
