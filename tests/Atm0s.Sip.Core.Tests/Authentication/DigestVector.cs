using System.Text.Json.Serialization;

namespace Atm0s.Sip.Core.Tests.Authentication;

/// <summary>One entry of tests/data/digest/vectors.json.</summary>
public sealed record DigestVector(
    string Name,
    string Algorithm,
    string Username,
    string Realm,
    string Password,
    string Method,
    string Uri,
    string Nonce,
    string? Qop,
    [property: JsonPropertyName("nc")] string? NonceCount,
    string? Cnonce,
    string Ha1,
    string Response)
{
    public override string ToString() => Name;
}
