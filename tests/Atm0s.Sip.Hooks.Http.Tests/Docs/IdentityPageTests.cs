using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Hooks.Http.Tests.Docs;

/// <summary>What <c>docs/identity.md</c> shows.</summary>
public sealed class IdentityPageTests
{
    [Test]
    public async Task DomainsOfThePage_Start()
    {
        var sip = new SipServerOptions();
        sip.Listen("udp://127.0.0.1:0");
        sip.Realm = "Acme Phones";
        sip.Domain = "sip.example.com";
        sip.Domains.Add("pbx.example.com");
        await using var server = new SipServer(sip, new SipServerHandlers { Auth = new Users(), Invite = new Nobody() });
        await server.StartAsync();
        Assert.That(server.ListenUris, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task NumbersOfThePage_AreThoseOfTheLogin()
    {
        var decision = await new Users().AuthorizeAsync(
            new AuthRequest
            {
                Username = "u", Realm = "r", Algorithm = "MD5", Method = "REGISTER", SessionId = "s",
                Source = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 5060),
            },
            CancellationToken.None);
        Assert.That(((AuthDecision.KnownUser)decision).Numbers, Is.EqualTo(new[] { "1001", "+49301001" }));
    }

    private sealed class Users : IAuthProvider
    {
        public async ValueTask<AuthDecision> AuthorizeAsync(AuthRequest request, CancellationToken cancellationToken)
        {
            var hash = await Task.FromResult(Ha1.Compute(request.Algorithm, request.Username, request.Realm, "secret"));
            return AuthDecision.WithHa1(hash, ["1001", "+49301001"]);
        }
    }

    private sealed class Nobody : IInviteHandler
    {
        public ValueTask<InviteDecision> HandleInviteAsync(InviteRequest invite, CancellationToken cancellationToken) =>
            ValueTask.FromResult(InviteDecision.Reject(404));
    }
}
