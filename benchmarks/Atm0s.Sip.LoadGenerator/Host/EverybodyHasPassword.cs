using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.LoadGenerator.Host;

/// <summary>
/// Users in memory: everybody, with the password "pw-" and the name. A hash is computed once for a user, as a real host would store it.
/// </summary>
[NonBlocking]
internal sealed class EverybodyHasPassword : IAuthProvider
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, AuthDecision> _known = new(StringComparer.Ordinal);

    public ValueTask<AuthDecision> AuthorizeAsync(AuthRequest request, CancellationToken cancellationToken)
    {
        if (!_known.TryGetValue(request.Username, out var decision))
        {
            // Strangers may invent names: what is kept for them has an end.
            if (!request.Username.StartsWith('u') || request.Username.Length > 8)
                return ValueTask.FromResult(AuthDecision.Unknown);
            decision = AuthDecision.WithHa1(Ha1.Compute(request.Algorithm, request.Username, request.Realm, $"pw-{request.Username}"));
            _known[request.Username] = decision;
        }

        return ValueTask.FromResult(decision);
    }
}
