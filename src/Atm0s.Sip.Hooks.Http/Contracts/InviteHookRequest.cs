using System.Text.Json.Serialization;

namespace Atm0s.Sip.Hooks.Http.Contracts;

/// <summary>
/// Body of <c>POST /invite</c>: what becomes of this call? The first five fields are the original's; the others are there with
/// <see cref="HttpHookOptions.InviteDetails"/>, and left out where there is nothing to say.
/// </summary>
public sealed record InviteHookRequest
{
    /// <summary>Address the call came from, <c>ip:port</c>; IPv6 in brackets.</summary>
    public required string Source { get; init; }

    /// <summary>Name of the authenticated user; null, and written so, when there is none.</summary>
    public required string? Username { get; init; }

    /// <summary>User part of From.</summary>
    [JsonPropertyName("from_number")]
    public required string FromNumber { get; init; }

    /// <summary>User part of To: the number that was dialled.</summary>
    [JsonPropertyName("to_number")]
    public required string ToNumber { get; init; }

    /// <summary>Id of the call.</summary>
    [JsonPropertyName("conn_id")]
    public required string ConnId { get; init; }

    /// <summary>The Call-ID header on the wire.</summary>
    [JsonPropertyName("sip_call_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SipCallId { get; init; }

    /// <summary>The Request-URI.</summary>
    [JsonPropertyName("request_uri")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RequestUri { get; init; }

    /// <summary>The URI in From.</summary>
    [JsonPropertyName("from_uri")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FromUri { get; init; }

    /// <summary>The URI in To.</summary>
    [JsonPropertyName("to_uri")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ToUri { get; init; }

    /// <summary>Name beside the number in From.</summary>
    [JsonPropertyName("display_name")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DisplayName { get; init; }

    /// <summary>
    /// How the caller is known: <c>digest</c> (a password), <c>address</c> (an IP rule or a trunk), <c>none</c>
    /// (<see cref="CallerAuthentication"/>).
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Authentication { get; init; }

    /// <summary>Name of the trunk that the call came over.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Trunk { get; init; }

    /// <summary>Number of who calls, as far as somebody answers for it (<see cref="InviteRequest.Identity"/>).</summary>
    [JsonPropertyName("identity_number")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? IdentityNumber { get; init; }

    /// <summary>Whether the caller's number must not be shown to the called (RFC 3323).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Anonymous { get; init; }

    /// <summary>Names of the audio codecs that the caller offers, in its order; empty when its offer comes later.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Codecs { get; init; }

    /// <summary>
    /// Header fields of the INVITE: names in lower case (RFC 3261 §7.3.1: their case means nothing), the values of each in order. Without
    /// credentials.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Headers { get; init; }
}
