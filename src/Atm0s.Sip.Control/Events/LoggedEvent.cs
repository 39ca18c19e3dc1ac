namespace Atm0s.Sip.Control.Events;

/// <summary>An event as it is sent.</summary>
/// <param name="Id">Its place: what a watcher that comes back says it saw last.</param>
/// <param name="Name">Its name.</param>
/// <param name="Data">Its data, JSON of one line.</param>
internal readonly record struct LoggedEvent(string Id, string Name, byte[] Data);
