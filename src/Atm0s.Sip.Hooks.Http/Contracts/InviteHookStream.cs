using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Atm0s.Sip.Hooks.Http.Contracts;

/// <summary>A program that hears a call or a room over a WebSocket, and may speak (Twilio's Media Streams messages).</summary>
public sealed record InviteHookStream
{
    /// <summary>Where the program listens: <c>wss://</c>; <c>ws://</c> to this machine alone.</summary>
    [Required]
    public string? Url { get; set; }

    /// <summary>Whether the program speaks too. Default true: a phone then hears it in place of its room.</summary>
    [JsonPropertyName("two_way")]
    public bool TwoWay { get; set; } = true;

    /// <summary>When it only listens: <c>inbound</c> (default), <c>outbound</c> or <c>both</c>.</summary>
    [AllowedValues("inbound", "outbound", "both", null)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Tracks { get; set; }

    /// <summary>How audio stands in the messages: <c>mulaw_8000</c> (default), <c>l16_16000</c> or <c>l16_24000</c>.</summary>
    [AllowedValues("mulaw_8000", "l16_16000", "l16_24000", null)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Encoding { get; set; }

    /// <summary>Header fields of the request that opens the WebSocket, for example <c>Authorization</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Headers { get; set; }

    /// <summary>What the program finds in <c>start.customParameters</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Parameters { get; set; }

    /// <summary>
    /// The secret that the program knows as its Twilio auth token: the request that opens the WebSocket has <c>X-Twilio-Signature</c> then.
    /// </summary>
    [JsonPropertyName("signing_key")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SigningKey { get; set; }

    /// <summary>What stands as <c>accountSid</c>; absent for <c>AC</c> and 32 zeros.</summary>
    [JsonPropertyName("account_sid")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? AccountSid { get; set; }

    /// <summary>In a room: the name of the member; absent for the id of the stream.</summary>
    [JsonPropertyName("participant_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ParticipantId { get; set; }

    /// <summary>How often in a row a connection that fails or breaks is made anew: 0 to 100; absent for 3.</summary>
    [JsonPropertyName("max_reconnects")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxReconnects { get; set; }

    /// <summary>Seconds that connecting, and a message that the program does not read, may take: 1 to 60; absent for 10.</summary>
    [JsonPropertyName("timeout_s")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TimeoutS { get; set; }

    /// <summary>Of a call: whether it ends with the stream; absent means yes when the program speaks.</summary>
    [JsonPropertyName("hang_up_at_end")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? HangUpAtEnd { get; set; }

    /// <summary>The settings that it means.</summary>
    /// <exception cref="ArgumentException">A value that can't be used.</exception>
    internal MediaStreamOptions ToOptions()
    {
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url))
            throw new ArgumentException("The URL of a stream is absolute and begins with wss://.", nameof(Url));
        if (url.Scheme == "ws" && !url.IsLoopback)
            throw new ArgumentException("Audio goes to another machine over wss://.", nameof(Url));
        var plain = new MediaStreamOptions { Url = url };
        return plain with
        {
            TwoWay = TwoWay,
            Tracks = Tracks switch
            {
                null or "inbound" => MediaStreamTracks.Inbound,
                "outbound" => MediaStreamTracks.Outbound,
                "both" => MediaStreamTracks.Both,
                _ => throw new ArgumentException("Tracks are inbound, outbound or both.", nameof(Tracks)),
            },
            Encoding = Encoding switch
            {
                null or "mulaw_8000" => MediaStreamEncoding.MuLaw8000,
                "l16_16000" => MediaStreamEncoding.L16At16000,
                "l16_24000" => MediaStreamEncoding.L16At24000,
                _ => throw new ArgumentException("Encodings are mulaw_8000, l16_16000 and l16_24000.", nameof(Encoding)),
            },
            Headers = Headers ?? new Dictionary<string, string>(),
            Parameters = Parameters ?? new Dictionary<string, string>(),
            SigningKey = SigningKey,
            AccountSid = AccountSid ?? plain.AccountSid,
            ParticipantId = ParticipantId,
            MaxReconnects = MaxReconnects ?? plain.MaxReconnects,
            Timeout = TimeoutS is { } seconds
                ? TimeSpan.FromSeconds(seconds is >= 1 and <= 60
                    ? seconds
                    : throw new ArgumentException("From 1 to 60 seconds.", nameof(TimeoutS)))
                : plain.Timeout,
            HangUpAtEnd = HangUpAtEnd,
        };
    }
}
