using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Hooks;

namespace Atm0sSipApp;

/// <summary>Knows the users of appsettings.json. Yours will come from a database, which keeps hashes (HA1) and no passwords.</summary>
internal sealed class Users(IConfiguration configuration) : IAuthProvider
{
    public ValueTask<AuthDecision> AuthorizeAsync(AuthRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(configuration.GetSection("Users")[request.Username] is { } password
            ? AuthDecision.WithHa1(Ha1.Compute(request.Algorithm, request.Username, request.Realm, password))
            : AuthDecision.Unknown);
}
