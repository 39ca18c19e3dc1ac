using Atm0s.Sip.Core.Messages;

namespace Atm0s.Sip.Calls;

/// <summary>Header fields of a message as the host sees them.</summary>
internal static class MessageHeaders
{
    /// <summary>All fields in order but the credentials.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Copy(SipMessage message) => new HeaderList(message);

    /// <summary>
    /// Whether the sender takes requests of a method: who has no Allow says nothing about what he takes (RFC 3261 §20.5).
    /// </summary>
    /// <param name="headers">Fields of a message of his.</param>
    /// <param name="method">The method.</param>
    public static bool Allow(IReadOnlyList<KeyValuePair<string, string>> headers, string method)
    {
        var allow = headers.Where(h => h.Key.Equals("Allow", StringComparison.OrdinalIgnoreCase)).ToArray();
        return allow.Length == 0 || allow.SelectMany(h => h.Value.Split(',')).Any(m => m.Trim().Equals(method, StringComparison.Ordinal));
    }
}
