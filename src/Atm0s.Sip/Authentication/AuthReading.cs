using Atm0s.Sip.Core.Authentication;

namespace Atm0s.Sip.Authentication;

/// <summary>What the Authorization fields of a request are.</summary>
/// <param name="Credentials">Credentials that can be judged, or null: then it must be challenged.</param>
/// <param name="IsStale">Whether it answers a challenge that nobody knows any more.</param>
/// <param name="Objection">Why they are not even judged, and the request is answered 400; null when they are.</param>
internal readonly record struct AuthReading(DigestCredentials? Credentials, bool IsStale = false, string? Objection = null);
