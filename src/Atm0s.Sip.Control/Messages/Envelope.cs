using System.Text.Json.Serialization;

namespace Atm0s.Sip.Control.Messages;

/// <summary>The original's answer; what is absent is left out. Refusals are no envelope: they come as plain text.</summary>
/// <typeparam name="T">Type of the data.</typeparam>
public sealed record Envelope<T>
    where T : class
{
    /// <summary>Whether it was done.</summary>
    public required bool Status { get; init; }

    /// <summary>Why not. This server never writes it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Error { get; init; }

    /// <summary>What came of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public T? Data { get; init; }
}
