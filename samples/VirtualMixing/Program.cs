// How do listeners get three streams of the loudest, and not all of a room nor a mix of it?
//   dotnet run --project samples/VirtualMixing
// Call sip:anything@127.0.0.1:5060 from several phones: who is in which slot is printed.
using Atm0s.Sip;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Hooks.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VirtualMixing;

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
    .AddRoomProvider(new MixedRooms(TimeProvider.System, Console.Out));
await builder.Build().RunAsync();
