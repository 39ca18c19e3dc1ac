using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Atm0s.Sip.Control;

/// <summary>Knows who may command. Compares in a time that tells nothing of the keys.</summary>
internal sealed class ApiKeyCheck(IOptions<SipControlOptions> options)
{
    private const string Bearer = "Bearer ";

    private readonly byte[][] _keys = [.. options.Value.ApiKeys.Select(Hash)];
    private readonly bool _open = options.Value.AllowAnonymous && options.Value.ApiKeys.Count == 0;

    public bool IsAllowed(HttpRequest request)
    {
        if (_open)
            return true;
        var given = Given(request);
        if (given.Length is 0 or > 1024)
            return false;
        var hash = Hash(given);
        var found = false;
        foreach (var key in _keys)
            found |= CryptographicOperations.FixedTimeEquals(key, hash);
        return found;
    }

    /// <summary>Whether a key is there, right or wrong.</summary>
    public static bool HasKey(HttpRequest request) => Given(request).Length > 0;

    private static string Given(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim()
            : request.Headers["X-Api-Key"].ToString();
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
