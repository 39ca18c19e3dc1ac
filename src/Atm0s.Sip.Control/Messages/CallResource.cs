using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Atm0s.Sip.Hooks;

namespace Atm0s.Sip.Control.Messages;

/// <summary>A call as it is now.</summary>
public sealed record CallResource
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

    /// <summary>Whether the room does not hear it.</summary>
    public required bool Muted { get; init; }

    /// <summary>Whether it is on hold, by the host or by its phone.</summary>
    [JsonPropertyName("on_hold")]
    public required bool OnHold { get; init; }

    /// <summary>How much louder the room hears it, in dB.</summary>
    public required double Gain { get; init; }

    /// <summary>Whether the gain follows the voice, on top of that.</summary>
    [JsonPropertyName("automatic_gain")]
    public bool AutomaticGain { get; init; }

    /// <summary>Who hears whom, where it is not everybody; absent when it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public HearingRule? Rule { get; init; }

    /// <summary>Its room.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("room_id")]
    public string? RoomId { get; init; }

    /// <summary>Its name in the room.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonPropertyName("participant_id")]
    public string? ParticipantId { get; init; }

    /// <summary>The host's words about it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Attributes { get; init; }

    /// <summary>Authenticated or called user.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Username { get; init; }

    /// <summary>Trunk it goes over.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Trunk { get; init; }

    /// <summary>What its audio is like.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AudioResource? Audio { get; init; }

    internal static CallResource From(ISipCall call)
    {
        var info = call.Info;
        return new CallResource
        {
            Id = call.Id,
            SipCallId = info.SipCallId,
            Direction = info.Direction == CallDirection.Incoming ? "incoming" : "outgoing",
            FromNumber = info.From,
            ToNumber = info.To,
            State = call.State switch
            {
                CallState.Connecting => "connecting",
                CallState.Ringing => "ringing",
                CallState.Answered => "answered",
                _ => "ended",
            },
            Muted = call.IsMuted,
            OnHold = call.IsOnHold,
            Gain = call.Gain,
            AutomaticGain = call.HasAutomaticGain,
            Rule = HearingRule.Of(call.Rule),
            RoomId = info.RoomId,
            ParticipantId = info.ParticipantId,
            Attributes = info.Attributes.Count == 0 ? null : info.Attributes,
            Username = info.Username,
            Trunk = info.Trunk,
            Audio = call.GetStatistics() is { Codec.Length: > 0 } statistics ? AudioResource.From(statistics) : null,
        };
    }
}
