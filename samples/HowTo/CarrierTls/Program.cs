using Atm0s.Sip;
using Atm0s.Sip.Core.Transport.Tls;
using Atm0s.Sip.Hooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
var carrier = builder.Configuration.GetSection("carrier");
builder.Services
    .AddSipServer(sip =>
    {
        sip.Listen(builder.Configuration["listen"] ?? "tls://0.0.0.0:5061");

        // Ours, with those above it: shown to who connects, and to a carrier that asks for one. Taken anew when the file changes.
        sip.Tls.Certificates.Add(new TlsCertificateFile
        {
            Certificate = builder.Configuration["certificate"] ?? "/etc/letsencrypt/live/sip.example.com/fullchain.pem",
            Key = builder.Configuration["key"] ?? "/etc/letsencrypt/live/sip.example.com/privkey.pem",
        });
        sip.Realm = "office";
        sip.Registrar.Enabled = false;
        sip.Authentication.RequireForCalls = false;
        sip.Trunks.Add(new TrunkOptions
        {
            Name = "carrier",
            Server = carrier["server"] ?? "sip:sip.carrier.example;transport=tls",
            Credentials = new SipCredentials(carrier["user"] ?? "4930123450", carrier["password"] ?? "secret"),
            Register = true,

            // Where the carrier has an authority of its own, or is reached by its address.
            Tls = new TlsClientOptions { TrustedRoots = carrier["roots"], ServerName = carrier["name"] },
        });
    })
    .AddInviteHandler(new Calls());
await builder.Build().RunAsync();

/// <summary>Who calls over the carrier joins the room of the number he has called; the connection of everybody else is of no use.</summary>
[NonBlocking]
internal sealed class Calls : IInviteHandler
{
    public ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken) =>
        ValueTask.FromResult(invite.Trunk == "carrier" ? InviteDecision.JoinRoom(invite.To) : InviteDecision.Reject(403));
}
