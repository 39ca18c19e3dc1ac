using Atm0s.Sip;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Hooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
builder.Services
    .AddSipServer(sip =>
    {
        sip.ListenUdp(5060).ListenTcp(5060);
        sip.Realm = "quickstart";
    })
    .AddAuthProvider(new Users())
    .AddInviteHandler(new Rooms());
await builder.Build().RunAsync();

/// <summary>Knows alice and bob; their passwords are "alice-secret" and "bob-secret". Yours come from a database of hashes.</summary>
[NonBlocking]
internal sealed class Users : IAuthProvider
{
    public ValueTask<AuthDecision> AuthorizeAsync(AuthRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(request.Username is "alice" or "bob"
            ? AuthDecision.WithHa1(Ha1.Compute(request.Algorithm, request.Username, request.Realm, request.Username + "-secret"))
            : AuthDecision.Unknown);
}

/// <summary>Whoever dials a number joins the room of that name.</summary>
[NonBlocking]
internal sealed class Rooms : IInviteHandler
{
    public ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken) =>
        ValueTask.FromResult(InviteDecision.JoinRoom(invite.To));
}
