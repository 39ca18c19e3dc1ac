using Atm0s.Sip;
using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Hooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSingleton<IInviteHandler, Ringing>();
builder.Services
    .AddSipServer(sip =>
    {
        sip.Listen(builder.Configuration["listen"] ?? "udp://0.0.0.0:5060");
        sip.Realm = "phones";
    })
    .AddAuthProvider(new Users());
await builder.Build().RunAsync();

/// <summary>Who dials a user rings all phones of that user; who dials 600 rings the sales people, one after the other.</summary>
internal sealed class Ringing(ISipServer server) : IInviteHandler
{
    private static readonly string[] Sales = ["alice", "bob"];

    public async ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken)
    {
        // A room for these two alone. ForCallId: when the caller gives up, or nobody takes the call, the other side is told at once.
        var room = $"call-{invite.CallId}";
        var options = new OutgoingCallOptions { ForCallId = invite.CallId };
        if (invite.To == "600")
        {
            await server.CallGroupAsync(
                room, Sales, invite.From, options with { RingOrder = RingOrder.ByPriority, RingTimePerGroup = TimeSpan.FromSeconds(15) },
                cancellationToken);
        }
        else if (server.FindRegistrations(invite.To).Count > 0)
        {
            await server.CallUserAsync(room, invite.To, invite.From, options, cancellationToken);
        }
        else
        {
            return InviteDecision.Reject(480);
        }

        return InviteDecision.WaitForOthers(room);
    }
}

/// <summary>The password of each user is the name and "-secret". Yours come from a database of hashes.</summary>
[NonBlocking]
internal sealed class Users : IAuthProvider
{
    public ValueTask<AuthDecision> AuthorizeAsync(AuthRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(request.Username is "alice" or "bob" or "carol"
            ? AuthDecision.WithHa1(Ha1.Compute(request.Algorithm, request.Username, request.Realm, request.Username + "-secret"))
            : AuthDecision.Unknown);
}
