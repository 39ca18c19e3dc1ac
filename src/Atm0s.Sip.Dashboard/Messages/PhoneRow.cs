namespace Atm0s.Sip.Dashboard.Messages;

/// <summary>A registered phone in a table.</summary>
/// <param name="Id">Id of the registration.</param>
/// <param name="User">The user.</param>
/// <param name="Contact">Contact URI of the phone.</param>
/// <param name="Source">Address it registered from.</param>
/// <param name="Expires">Time granted, in seconds.</param>
/// <param name="Product">The phone's product.</param>
internal sealed record PhoneRow(string Id, string User, string Contact, string Source, int Expires, string? Product);
