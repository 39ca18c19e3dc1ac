using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Atm0s.Sip.Streams;

/// <summary>The header field by which programs for Twilio know who opens their WebSocket.</summary>
internal static class StreamSignature
{
    public const string HeaderName = "X-Twilio-Signature";

    /// <summary>Base64 of HMAC-SHA1 of the URL as it stands; a WebSocket has no form fields that would follow it.</summary>
    /// <param name="url">Where the program listens.</param>
    /// <param name="key">The secret that it shares with us.</param>
    [SuppressMessage("Security", "CA5350", Justification = "What those programs validate; HMAC does not rest on collisions.")]
    public static string Of(Uri url, string key) =>
        Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(url.AbsoluteUri)));
}
