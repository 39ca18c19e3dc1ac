using System.Text.Json.Serialization;
using Atm0s.Sip.Hooks.Http.Contracts;

namespace Atm0s.Sip.Control.Messages;

/// <summary>How a transfer went.</summary>
/// <param name="Status">What became of it, for example <c>completed</c>.</param>
/// <param name="StatusCode">The SIP status code that said so, or 0.</param>
public sealed record TransferAnswer(
    [property: WireNames(typeof(TransferStatus))] string Status, [property: JsonPropertyName("status_code")] int StatusCode);
