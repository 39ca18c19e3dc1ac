using Atm0s.Sip;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Hooks.Routing;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddDtlsSrtp();
builder.Services.AddSipServer(sip =>
    {
        sip.Listen(builder.Configuration["listen"] ?? "udp://0.0.0.0:5060");
        sip.Realm = "sip.example.com";
    })
    .AddAuthProvider(new OneUser())
    .AddInviteHandler(InviteHandlers.From(invite => InviteDecision.JoinRoom(invite.To)));
// Pages of this server may connect anyway; here those of another site may, too.
builder.Services.Configure<SipWebSocketOptions>(sockets => sockets.AllowedOrigins.Add("https://www.example.com"));
var app = builder.Build();
app.MapSipWebSocket("/sip");
await app.RunAsync();

/// <summary>Knows alice.</summary>
[NonBlocking]
internal sealed class OneUser : IAuthProvider
{
    public ValueTask<AuthDecision> AuthorizeAsync(AuthRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(
        request.Username == "alice"
            ? AuthDecision.WithHa1(Ha1.Compute(request.Algorithm, request.Username, request.Realm, "wonderland"))
            : AuthDecision.Unknown);
}
