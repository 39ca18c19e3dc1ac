using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Hooks.Http.Contracts;

namespace Atm0s.Sip.Control.Messages;

/// <summary>What became of a call.</summary>
public record CallSummaryResource
{
    /// <summary>Our id of the call.</summary>
    public required string Id { get; init; }

    /// <summary>Call-ID on the wire.</summary>
    [JsonPropertyName("sip_call_id")]
    public required string SipCallId { get; init; }

    /// <summary><c>incoming</c> or <c>outgoing</c>.</summary>
    [AllowedValues("incoming", "outgoing")]
    public required string Direction { get; init; }

    /// <summary>Calling number.</summary>
    [JsonPropertyName("from_number")]
    public required string FromNumber { get; init; }

    /// <summary>Called number.</summary>
    [JsonPropertyName("to_number")]
    public required string ToNumber { get; init; }

    /// <summary><c>connecting</c>, <c>ringing</c>, <c>answered</c> or <c>ended</c>.</summary>
    [AllowedValues("connecting", "ringing", "answered", "ended")]
    public required string State { get; init; }

    /// <summary>When it began (UTC).</summary>
    [JsonPropertyName("started_at")]
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was answered (UTC).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("answered_at")]
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>When it ended (UTC).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("ended_at")]
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Time from answer to end, in milliseconds; 0 when it was not answered.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("duration_ms")]
    public long? DurationMs { get; init; }

    /// <summary>Why it ended.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [WireNames(typeof(CallEndCause))]
    public string? Cause { get; init; }

    /// <summary>The SIP status code that ended or refused it; 0 when it ended by BYE.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("status_code")]
    public int? StatusCode { get; init; }

    /// <summary>The reason, in a sentence.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>Whether it ended as neither side had wanted.</summary>
    public required bool Failed { get; init; }

    /// <summary>Whether it was refused before it became a call: no hook has heard of it.</summary>
    [JsonPropertyName("turned_away")]
    public required bool TurnedAway { get; init; }

    /// <summary>Where its signalling comes from or goes to.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Peer { get; init; }

    /// <summary>Its room.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("room_id")]
    public string? RoomId { get; init; }

    /// <summary>Authenticated or called user.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Username { get; init; }

    /// <summary>Trunk it went over.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Trunk { get; init; }

    /// <summary>The call that it was made for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("for_conn_id")]
    public string? ForConnId { get; init; }

    /// <summary>Name of its codec.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Codec { get; init; }

    /// <summary>Where the keys of the encrypted audio come from: <c>sdes</c> or <c>dtls</c>; left out when it is not encrypted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Encryption { get; init; }

    /// <summary>Name of the SRTP suite; left out when it is not encrypted, or not known yet.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("encryption_suite")]
    public string? EncryptionSuite { get; init; }

    /// <summary>Mean opinion score of the whole call, 1 to 4.5.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Mos { get; init; }

    internal static CallSummaryResource From(CallReport call) => Fill(call, new CallSummaryResource
    {
        Id = call.Id,
        SipCallId = call.Info.SipCallId,
        Direction = call.Info.Direction == CallDirection.Incoming ? "incoming" : "outgoing",
        FromNumber = call.Info.From,
        ToNumber = call.Info.To,
        State = NameOf(call.State),
        StartedAt = call.StartedAt,
        Failed = call.HasFailed,
        TurnedAway = call.WasTurnedAway,
    });

    private protected static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private protected static TResource Fill<TResource>(CallReport call, TResource resource)
        where TResource : CallSummaryResource => (TResource)(resource with
        {
            AnsweredAt = call.AnsweredAt,
            EndedAt = call.EndedAt,
            DurationMs = (long?)call.End?.Duration.TotalMilliseconds,
            Cause = call.End is { } end ? NameOf(end.Cause) : null,
            StatusCode = call.End?.StatusCode,
            Reason = call.End?.Reason,
            Peer = call.Peer,
            RoomId = call.Info.RoomId,
            Username = call.Info.Username,
            Trunk = call.Info.Trunk,
            ForConnId = call.ForCallId,
            Codec = call.End?.Quality is { Codec.Length: > 0 } quality ? quality.Codec : null,
            Encryption = call.End?.Quality?.Encryption is { } encryption ? NameOf(encryption.Keys) : null,
            EncryptionSuite = call.End?.Quality?.Encryption is { Suite.Length: > 0 } suite ? suite.Suite : null,
            Mos = call.End?.Quality?.Mos,
        });
}
