using Atm0s.Sip;
using Atm0sSipApp;

var builder = Host.CreateApplicationBuilder(args);
builder.Services
    .AddSipServer(builder.Configuration.GetSection("Sip"))
    .AddAuthProvider<Users>()
    .AddInviteHandler<Rooms>();

await builder.Build().RunAsync();
