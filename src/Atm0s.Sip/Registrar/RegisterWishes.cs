namespace Atm0s.Sip.Registrar;

/// <summary>
/// What a REGISTER asks for: remove everything, or bind and remove these contacts; with none of either it only asks what is bound.
/// </summary>
internal sealed record RegisterWishes(bool RemoveAll, IReadOnlyList<ContactWish> Contacts);
