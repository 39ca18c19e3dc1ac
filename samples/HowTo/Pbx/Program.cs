using Atm0s.Sip;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Hooks.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
var rooms = InviteHandlers.From(invite => InviteDecision.JoinRoom($"room-{invite.To}"));
builder.Services
    .AddSipServer(sip =>
    {
        sip.Listen(builder.Configuration["listen"] ?? "udp://0.0.0.0:5060");
        // Phones register with the PBX, not here.
        sip.Registrar.Enabled = false;
        sip.Authentication.RequireForCalls = false;
        sip.Trunks.Add(new TrunkOptions
        {
            Name = "pbx",
            Server = builder.Configuration["pbx"] ?? "sip:192.0.2.20:5060",
            // Where the PBX may call from; without this line: the address of Server.
            Networks = [builder.Configuration["pbx-network"] ?? "192.0.2.20/32"],
        });
    })
    .AddInviteHandler(new InviteRouter()
        .When(invite => invite.Trunk != "pbx", InviteHandlers.Always(InviteDecision.Reject(403)))
        .ToNumber("8*", rooms));
var host = builder.Build();

// A bot, a button on your web page, a timer: bring an extension of the PBX into a room.
_ = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() =>
{
    if (builder.Configuration["ring"] is { } extension)
        _ = host.Services.GetRequiredService<ISipServer>().CallTrunkAsync("room-800", "pbx", extension, fromNumber: "800").AsTask();
});
await host.RunAsync();
