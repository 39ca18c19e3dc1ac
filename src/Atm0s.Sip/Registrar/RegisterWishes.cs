namespace Atm0s.Sip.Registrar;

/// <summary>
/// What a REGISTER asks for: remove everything, or bind and remove some contacts; with none of either it only asks what is bound. The
/// contacts themselves are read from the message where they are needed.
/// </summary>
/// <param name="RemoveAll">Whether it removes all.</param>
/// <param name="Contacts">How many contacts it has.</param>
/// <param name="Expires">Time of those that do not say their own (RFC 3261 §10.2.1.1).</param>
internal readonly record struct RegisterWishes(bool RemoveAll, int Contacts, TimeSpan Expires);
