using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>Data of a successful invite.</summary>
/// <param name="SessionId">Id of the call, for commands and in events.</param>
public sealed record InviteStarted([property: JsonPropertyName("session_id")] string SessionId);
