using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>The settings have changed while the server runs.</summary>
/// <param name="Applied">What is in force now, by path: <c>Calls.MaxCalls</c>, <c>Trunks.carrier</c>.</param>
/// <param name="NeedRestart">What has changed too and will be in force after a restart.</param>
public sealed record SettingsChangedMessage(
    IReadOnlyList<string> Applied,
    [property: JsonPropertyName("need_restart")] IReadOnlyList<string> NeedRestart);
