namespace Atm0s.Sip.Dashboard.Messages;

/// <summary>A trunk in a list.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Server">Where it is.</param>
/// <param name="State"><c>ready</c>, <c>registering</c>, <c>registered</c>, <c>failed</c> or <c>removed</c>.</param>
/// <param name="Status">Code of the last REGISTER; 0 before the first.</param>
/// <param name="Expires">Time granted, in seconds.</param>
internal sealed record TrunkRow(string Name, string Server, string State, int Status, int Expires);
