using System.Text.Json.Serialization;

namespace Atm0s.Sip.Hooks.Http.Contracts;

/// <summary>As what a call comes into its room.</summary>
public sealed record InviteHookParticipant
{
    /// <summary>
    /// Name in the room, 1 to 256 characters; absent takes the call's id. Who is in the room under this name leaves it.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Id { get; init; }

    /// <summary>Words of your own, at most 64, that come back in every event of the call.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }

    /// <summary>Whether the room does not hear the phone until it is unmuted. Default false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Muted { get; init; }
}
