using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Atm0s.Sip.Hooks.Http.Contracts;

/// <summary>Body of <c>POST /call</c>: a step in the life of a call. What is null is left out. The answer needs no body.</summary>
public sealed record CallHookEvent
{
    /// <summary><c>connecting</c>, <c>ringing</c>, <c>answered</c>, <c>moved</c>, <c>dtmf</c>, <c>held</c>,
    /// <c>resumed</c> or <c>ended</c>.</summary>
    [AllowedValues("connecting", "ringing", "answered", "moved", "dtmf", "held", "resumed", "ended")]
    public required string Event { get; init; }

    /// <summary>Id of the call.</summary>
    [JsonPropertyName("conn_id")]
    public required string ConnId { get; init; }

    /// <summary>The Call-ID header on the wire.</summary>
    [JsonPropertyName("sip_call_id")]
    public required string SipCallId { get; init; }

    /// <summary><c>incoming</c> or <c>outgoing</c>, seen from the SIP server.</summary>
    [AllowedValues("incoming", "outgoing")]
    public required string Direction { get; init; }

    /// <summary>User part of From.</summary>
    [JsonPropertyName("from_number")]
    public required string FromNumber { get; init; }

    /// <summary>User part of To.</summary>
    [JsonPropertyName("to_number")]
    public required string ToNumber { get; init; }

    /// <summary>Room of the call, or null before there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("room_id")]
    public string? RoomId { get; init; }

    /// <summary>Authenticated user of an incoming call, or the user that an outgoing call rings.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Username { get; init; }

    /// <summary>Trunk that carries the call.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Trunk { get; init; }

    /// <summary>Name of the call in its room.</summary>
    [JsonPropertyName("participant_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ParticipantId { get; init; }

    /// <summary>The host's words about the participant; absent when there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }

    /// <summary>When it happened. On the wire UTC with milliseconds (RFC 3339), for example <c>2026-01-31T12:00:00.000Z</c>.</summary>
    [JsonConverter(typeof(UtcTimestampConverter))]
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Only <c>answered</c>: encoding name of the codec.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Codec { get; init; }

    /// <summary>Only <c>answered</c>: where the keys of the encrypted audio come from: <c>sdes</c> or <c>dtls</c>; left out when it is not encrypted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Encryption { get; init; }

    /// <summary>Only <c>answered</c>: name of the SRTP suite; left out when it is not encrypted, or not known yet.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("encryption_suite")]
    public string? EncryptionSuite { get; init; }

    /// <summary>Only <c>moved</c>: the room it left.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("from_room_id")]
    public string? FromRoomId { get; init; }

    /// <summary>Only <c>dtmf</c>: one of <c>0123456789*#ABCD</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Digit { get; init; }

    /// <summary>Only <c>held</c> and <c>resumed</c>: whether it was the host that held; else the phone did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("by_host")]
    public bool? ByHost { get; init; }

    /// <summary>Only <c>ended</c>: name of the <see cref="CallEndCause"/> in snake_case, for example <c>remote_hangup</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [WireNames(typeof(CallEndCause))]
    public string? Cause { get; init; }

    /// <summary>Only <c>ended</c>: the SIP status code that ended or refused the call, 0 when it ended by BYE.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("status_code")]
    public int? StatusCode { get; init; }

    /// <summary>Only <c>ended</c>: a sentence for the log.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>Only <c>ended</c>: seconds after which the called side may be tried again, when it has said so (Retry-After).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("retry_after_s")]
    public long? RetryAfterS { get; init; }

    /// <summary>Only <c>ended</c>: where the called side wants to be called instead, best first (3xx that was not followed).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Contacts { get; init; }

    /// <summary><c>dtmf</c>: how long the key was held. <c>ended</c>: time from answer to end. In milliseconds, 0 or more.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("duration_ms")]
    public long? DurationMs { get; init; }

    /// <summary>Only <c>ended</c>: what the audio was like; null when there never was any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CallHookQuality? Quality { get; init; }

    /// <summary>Does not show the digit: people type card numbers and PINs.</summary>
    public override string ToString() => $"CallHookEvent {{ Event = {Event}, ConnId = {ConnId} }}";
}
