// I have a number at a carrier: how do its calls come in, and mine go out?
//   dotnet run --project samples/Trunk -- sip:carrier.example.com user password [udp://127.0.0.1:5070]
// Registers there. Whoever calls our number is bridged to the number after the star: calling us as 4711*30999 rings 30999 over the same
// trunk,
// and both meet in a room; a call to the bare number waits in the lobby.
using Atm0s.Sip;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Trunk;

if (args is not [var carrier, var user, var password, ..])
{
    Console.Error.WriteLine("Trunk SERVER USER PASSWORD [LISTEN], for example: sip:192.0.2.7:5060 1001 secret udp://0.0.0.0:5060");
    return 2;
}

var builder = Host.CreateApplicationBuilder();
builder.Services
    .AddSipServer(sip =>
    {
        sip.Listen(args is [_, _, _, var listen, ..] ? listen : "udp://127.0.0.1:5070");
        sip.Registrar.Enabled = false;
        sip.Authentication.RequireForCalls = false;
        sip.Trunks.Add(
            new TrunkOptions { Name = "carrier", Server = carrier, Register = true, Credentials = new SipCredentials(user, password) });
    })
    .AddInviteHandler<Bridge>();
var host = builder.Build();
await host.StartAsync();
var events = PrintAsync(host.Services.GetRequiredService<ISipServer>());
await host.WaitForShutdownAsync();
await events;
return 0;

// Ends when the server stops.
static async Task PrintAsync(ISipServer server)
{
    await foreach (var what in server.WatchAsync())
        Console.WriteLine(
            what is SipServerEvent.Call call ? $"call {call.Event.GetType().Name} {call.Event.Call.From} -> {call.Event.Call.To}" : what);
}
