using Atm0s.Sip.Core.Authentication;

namespace Atm0s.Sip.Authentication;

/// <summary>What the Authorization fields of a request are.</summary>
/// <param name="Credentials">Credentials that can be judged, or null: then it must be challenged.</param>
/// <param name="IsStale">Whether it answers a challenge that nobody knows any more.</param>
/// <param name="IsForOtherUri">Whether the credentials were made for a request to another number (RFC 7616 §3.4.6).</param>
internal readonly record struct AuthReading(DigestCredentials? Credentials, bool IsStale = false, bool IsForOtherUri = false);
