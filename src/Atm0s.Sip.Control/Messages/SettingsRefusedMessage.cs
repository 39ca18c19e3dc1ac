namespace Atm0s.Sip.Control.Messages;

/// <summary>A changed configuration can't work; the settings of before stay in force.</summary>
/// <param name="Problem">What is wrong and what to write instead.</param>
public sealed record SettingsRefusedMessage(string Problem);
