namespace Atm0s.Sip.Registrar;

/// <summary>One contact of a REGISTER: bind it for so long, or remove it when <paramref name="Expires"/> is zero.</summary>
internal sealed record ContactWish(string Uri, TimeSpan Expires);
