using System.Text.Json.Serialization;

namespace Atm0s.Sip.Hooks.Http.Control.Messages;

/// <summary>The original's answer: status, and either data or an error; what is absent is left out.</summary>
/// <typeparam name="T">Type of the data.</typeparam>
public sealed record Envelope<T>
    where T : class
{
    /// <summary>Whether it was done.</summary>
    public required bool Status { get; init; }

    /// <summary>Why not, in capitals, for example <c>NOT_FOUND</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    /// <summary>What came of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public T? Data { get; init; }
}
