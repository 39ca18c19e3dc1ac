using Atm0s.Sip;
using Atm0sSipApp;

var builder = Host.CreateApplicationBuilder(args);
builder.Services
    .AddSipServer(sip =>
    {
        var settings = builder.Configuration.GetSection("Sip");
        foreach (var listener in settings.GetSection("Listeners").GetChildren())
            sip.Listen(listener.Value!);
        sip.Realm = settings["Realm"]!;
    })
    .AddAuthProvider<Users>()
    .AddInviteHandler<Rooms>();

await builder.Build().RunAsync();
