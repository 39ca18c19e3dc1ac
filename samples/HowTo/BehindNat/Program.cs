using System.Net;
using Atm0s.Sip;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Hooks.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
var outside = builder.Configuration["advertise"] ?? "203.0.113.7";
var ports = builder.Configuration.GetValue("ports", 20_000);
builder.Services
    .AddSipServer(sip =>
    {
        sip.Listen(builder.Configuration["listen"] ?? "udp://0.0.0.0:5060");
        foreach (var listener in sip.Listeners)
            listener.AdvertisedHost = outside;                      // Via and Contact
        sip.Media.AdvertisedAddress = IPAddress.Parse(outside);     // c= of the session description
        sip.LocalNetworks.Add(builder.Configuration["local"] ?? "192.168.0.0/16");  // these reach us directly, and see our own address
        sip.Media.FirstPort = ports;                                // forward these UDP ports, and 5060
        sip.Media.LastPort = ports + 199;                           // 100 calls
        sip.Registrar.Enabled = false;
        sip.Authentication.RequireForCalls = false;
    })
    .AddInviteHandler(InviteHandlers.Always(InviteDecision.JoinRoom("lobby")));
await builder.Build().RunAsync();
