namespace Atm0s.Sip.Registrar;

/// <summary>
/// What a REGISTER asks for: remove everything, or bind and remove these contacts; with none of either it only asks what is bound.
/// </summary>
/// <param name="RemoveAll">Whether it removes all.</param>
/// <param name="Contacts">The contacts.</param>
/// <param name="Path">Proxies it came through, nearest to us first (RFC 3327 §5.3).</param>
internal sealed record RegisterWishes(bool RemoveAll, IReadOnlyList<ContactWish> Contacts, IReadOnlyList<string> Path);
