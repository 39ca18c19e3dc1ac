using System.Security.Cryptography;

namespace Atm0s.Sip.Dashboard.Assets;

/// <summary>A file of the page.</summary>
/// <param name="Name">Its name below the page's path.</param>
/// <param name="ContentType">What it is.</param>
/// <param name="Body">Its bytes.</param>
internal sealed record PageFile(string Name, string ContentType, byte[] Body)
{
    /// <summary>Changes with each byte (RFC 9110 §8.8.3).</summary>
    public string ETag { get; } = $"\"{Convert.ToHexStringLower(SHA256.HashData(Body).AsSpan(0, 16))}\"";
}
