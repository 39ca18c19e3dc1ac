using System.Text.Json;
using Atm0s.Sip.Hooks.Http.Contracts;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>Asks <c>/auth</c>. Fails closed: when the hook can't be asked it throws, and nobody is let in.</summary>
internal sealed class HttpAuthProvider(HookClient client) : IAuthProvider
{
    private const string Md5 = "MD5";

    public async ValueTask<AuthDecision> AuthorizeAsync(AuthRequest request, CancellationToken cancellationToken)
    {
        var md5 = string.Equals(request.Algorithm, Md5, StringComparison.OrdinalIgnoreCase);
        var question = new AuthHookRequest
        {
            Username = request.Username,
            Realm = request.Realm,
            SessionId = request.SessionId,
            Algorithm = md5 ? null : request.Algorithm,
        };
        return await client.AskAsync(
            HookClient.Questions, "auth", request.SessionId, question, HookContracts.Wire.AuthHookRequest, body =>
                Read(body, md5 ? 32 : 64), cancellationToken).ConfigureAwait(false);
    }

    private static AuthDecision Read(byte[] body, int digits)
    {
        var answer = HookJson.Read(body, HookContracts.Wire.AuthHookResponse);
        if (!answer.Success || string.IsNullOrEmpty(answer.Ha1))
            return AuthDecision.Unknown;
        if (answer.Ha1.Length != digits || !answer.Ha1.All(char.IsAsciiHexDigit))
            throw new JsonException("The hash has another length, or is not hex.");
        // The hash is itself hashed as text (RFC 7616 §3.4.2), in lower case.
        return AuthDecision.WithHa1(answer.Ha1.ToLowerInvariant());
    }
}
