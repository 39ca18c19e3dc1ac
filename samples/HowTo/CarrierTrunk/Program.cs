using Atm0s.Sip;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Hooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
var carrier = builder.Configuration.GetSection("carrier");
builder.Services.AddSingleton<IInviteHandler, Calls>();
builder.Services
    .AddSipServer(sip =>
    {
        sip.Listen(builder.Configuration["listen"] ?? "udp://0.0.0.0:5060");
        sip.Realm = "office";
        sip.Trunks.Add(new TrunkOptions
        {
            Name = "carrier",
            Server = carrier["server"] ?? "sip:sip.carrier.example",
            Credentials = new SipCredentials(carrier["user"] ?? "4930123450", carrier["password"] ?? "secret"),
            Register = true,
        });
    })
    .AddAuthProvider(new Users());
await builder.Build().RunAsync();

/// <summary>Calls of the carrier ring alice; what a user of ours dials with a + goes out over the carrier.</summary>
internal sealed class Calls(ISipServer server) : IInviteHandler
{
    public async ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken)
    {
        var room = $"call-{invite.CallId}";
        var options = new OutgoingCallOptions { ForCallId = invite.CallId };

        // From the carrier, known by its address. Never back out over it: that would place calls on our bill for anybody.
        if (invite.Trunk == "carrier")
            await server.CallUserAsync(room, "alice", invite.From, options, cancellationToken);

        // From a user who has shown his password; whoever else calls has none and is nobody's guest here.
        else if (invite.Username is not null && invite.To.StartsWith('+'))
            await server.CallTrunkAsync(room, "carrier", invite.To, fromNumber: "4930123450", options, cancellationToken);
        else
            return InviteDecision.Reject(404);
        return InviteDecision.WaitForOthers(room);
    }
}

/// <summary>The password of each user is the name and "-secret". Yours come from a database of hashes.</summary>
[NonBlocking]
internal sealed class Users : IAuthProvider
{
    public ValueTask<AuthDecision> AuthorizeAsync(AuthRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(request.Username is "alice" or "bob"
            ? AuthDecision.WithHa1(Ha1.Compute(request.Algorithm, request.Username, request.Realm, request.Username + "-secret"))
            : AuthDecision.Unknown);
}
