using Atm0s.Sip;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Hooks.Routing;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using WebPhone;

// Any user signs in with the password "pw-" + name, and whoever dials the same number is in the same room.
var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.UseUrls(args.Length > 0 ? args[0] : "http://127.0.0.1:8080");
builder.Services.AddDtlsSrtp();
builder.Services.AddSipServer(sip => sip.Listen("udp://127.0.0.1:5060").Realm = "localhost")
    .AddAuthProvider(new DemoUsers())
    .AddInviteHandler(InviteHandlers.From(invite => InviteDecision.JoinRoom(invite.To)));
var app = builder.Build();
app.MapSipWebSocket("/sip");
app.MapWebPhone();
await app.RunAsync();

/// <summary>Knows everybody.</summary>
[NonBlocking]
internal sealed class DemoUsers : IAuthProvider
{
    public ValueTask<AuthDecision> AuthorizeAsync(AuthRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(
        AuthDecision.WithHa1(Ha1.Compute(request.Algorithm, request.Username, request.Realm, "pw-" + request.Username)));
}
