// I have rooms already: how do phones get into them?
//   dotnet run --project samples/OwnRooms
// Call sip:anything@127.0.0.1:5060 straight, from a phone that does not register: there is nobody here to register with. The room of this sample says back what it heard a second ago.
using Atm0s.Sip;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Hooks.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OwnRooms;

var port = args is [var text] ? int.Parse(text, null) : 5060;
var builder = Host.CreateApplicationBuilder();
builder.Services
    .AddSipServer(sip =>
    {
        sip.Listen($"udp://127.0.0.1:{port}");
        sip.Registrar.Enabled = false;
        sip.Authentication.RequireForCalls = false;
    })
    .AddInviteHandler(InviteHandlers.From(invite => InviteDecision.JoinRoom(invite.To)))
    .AddRoomProvider<EchoRooms>();
await builder.Build().RunAsync();
