using System.Text.Json;
using Atm0s.Sip.Hooks.Http.Contracts;

namespace Atm0s.Sip.Hooks.Http.Client;

/// <summary>Makes the message from the event.</summary>
internal static class CallEventMessage
{
    public static CallHookEvent From(CallEvent callEvent) => callEvent switch
    {
        CallEvent.Connecting => Common(callEvent, "connecting"),
        CallEvent.Ringing => Common(callEvent, "ringing"),
        CallEvent.Answered answered => Common(callEvent, "answered") with
        {
            Codec = answered.Codec,
            Encryption = KeysOf(answered.Encryption),
            EncryptionSuite = SuiteOf(answered.Encryption),
        },
        CallEvent.Moved moved => Common(callEvent, "moved") with { FromRoomId = moved.FromRoomId },
        CallEvent.DtmfReceived dtmf =>
            Common(callEvent, "dtmf") with { Digit = dtmf.Digit.ToString(), DurationMs = (long)dtmf.Duration.TotalMilliseconds },
        CallEvent.Held held => Common(callEvent, "held") with { ByHost = held.ByHost },
        CallEvent.Resumed resumed => Common(callEvent, "resumed") with { ByHost = resumed.ByHost },
        CallEvent.Ended ended => Common(callEvent, "ended") with
        {
            Cause = JsonNamingPolicy.SnakeCaseLower.ConvertName(ended.Cause.ToString()),
            StatusCode = ended.StatusCode,
            Reason = ended.Reason,
            RetryAfterS = (long?)ended.Failure?.RetryAfter?.TotalSeconds,
            Contacts = ended.Failure?.Contacts is { Count: > 0 } contacts ? contacts : null,
            DurationMs = (long)ended.Duration.TotalMilliseconds,
            Quality = ended.Quality is { } quality ? Quality(quality) : null,
        },
        // A step without a story of its own is its name.
        _ => Common(callEvent, JsonNamingPolicy.SnakeCaseLower.ConvertName(callEvent.GetType().Name)),
    };

    private static CallHookEvent Common(CallEvent callEvent, string name) => new()
    {
        Event = name,
        ConnId = callEvent.Call.CallId,
        SipCallId = callEvent.Call.SipCallId,
        Direction = callEvent.Call.Direction == CallDirection.Incoming ? "incoming" : "outgoing",
        FromNumber = callEvent.Call.From,
        ToNumber = callEvent.Call.To,
        RoomId = callEvent.Call.RoomId,
        Username = callEvent.Call.Username,
        Trunk = callEvent.Call.Trunk,
        ParticipantId = callEvent.Call.ParticipantId,
        Attributes = callEvent.Call.Attributes.Count == 0 ? null : callEvent.Call.Attributes,
        Timestamp = callEvent.Timestamp,
    };

    private static string? KeysOf(CallEncryption? encryption) => encryption is null ? null
        : JsonNamingPolicy.SnakeCaseLower.ConvertName(encryption.Keys.ToString());

    private static string? SuiteOf(CallEncryption? encryption) => encryption is { Suite: { Length: > 0 } suite } ? suite : null;

    private static CallHookQuality Quality(CallQuality quality) => new()
    {
        Codec = quality.Codec,
        Encryption = KeysOf(quality.Encryption),
        EncryptionSuite = SuiteOf(quality.Encryption),
        PacketsSent = quality.PacketsSent,
        PacketsReceived = quality.PacketsReceived,
        PacketsLost = quality.PacketsLost,
        // NaN is no JSON.
        JitterMs = double.IsFinite(quality.JitterMilliseconds) ? quality.JitterMilliseconds : 0,
        RoundTripMs = quality.RoundTrip?.TotalMilliseconds,
        ConcealedShare = quality.PlayedAudio > TimeSpan.Zero ? quality.ConcealedShare : null,
        PacketsDiscarded = quality.PlayedAudio > TimeSpan.Zero ? quality.PacketsDiscarded : null,
        InsertedMs = quality.PlayedAudio > TimeSpan.Zero ? quality.InsertedAudio.TotalMilliseconds : null,
        RemovedMs = quality.PlayedAudio > TimeSpan.Zero ? quality.RemovedAudio.TotalMilliseconds : null,
        Resyncs = quality.PlayedAudio > TimeSpan.Zero ? quality.Resyncs : null,
        JitterBufferMs = quality.PlayedAudio > TimeSpan.Zero ? quality.JitterBufferDelay.TotalMilliseconds : null,
        Mos = quality.Mos,
    };
}
