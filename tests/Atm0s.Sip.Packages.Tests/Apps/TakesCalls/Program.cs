using Atm0s.Sip;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Hooks.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// Arguments: where to listen; then, if somebody else shall decide, the address of a hook server.
var builder = Host.CreateApplicationBuilder();
var sip = builder.Services.AddSipServer(options =>
{
    options.Listen(args[0]);
    options.Realm = "fresh.test";
});
if (args.Length > 1)
    sip.AddHttpHooks(hooks => hooks.Url = args[1]);
else
    sip.AddAuthProvider(new Users()).AddInviteHandler(new Rooms());
await builder.Build().RunAsync();

[NonBlocking]
internal sealed class Users : IAuthProvider
{
    public ValueTask<AuthDecision> AuthorizeAsync(AuthRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(AuthDecision.WithHa1(Ha1.Compute(request.Algorithm, request.Username, request.Realm, "pw-" + request.Username)));
}

[NonBlocking]
internal sealed class Rooms : IInviteHandler
{
    public ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken) =>
        ValueTask.FromResult(InviteDecision.JoinRoom(invite.To));
}
