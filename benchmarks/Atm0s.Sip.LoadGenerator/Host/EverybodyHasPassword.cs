using Atm0s.Sip.Core.Authentication;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.LoadGenerator.Host;

/// <summary>
/// Users in memory: everybody whose name is like those of the generator, with the password "pw-" and the name. The hash of a user is kept,
/// as a real host would store it.
/// </summary>
[NonBlocking]
internal sealed class EverybodyHasPassword : IAuthProvider
{
    // As many as there are users by default. More are of a run that looks at memory, which is not to be that of this table.
    private const int MaxKept = 10_000;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, AuthDecision> _known = new(StringComparer.Ordinal);

    public ValueTask<AuthDecision> AuthorizeAsync(AuthRequest request, CancellationToken cancellationToken)
    {
        if (!_known.TryGetValue(request.Username, out var decision))
        {
            if (!request.Username.StartsWith('u') || request.Username.Length > 8)
                return ValueTask.FromResult(AuthDecision.Unknown);
            decision = AuthDecision.WithHa1(Ha1.Compute(request.Algorithm, request.Username, request.Realm, $"pw-{request.Username}"));
            if (_known.Count < MaxKept)
                _known[request.Username] = decision;
        }

        return ValueTask.FromResult(decision);
    }
}
