namespace Atm0s.Sip.Diagnostics.Tracing;

/// <summary>
/// Names of the tags of spans: those of OpenTelemetry where it has some (error.type, network.*), of the same make where SIP has none there.
/// </summary>
internal static class SpanTags
{
    public const string SipCallId = "sip.call_id";
    public const string Method = "sip.request.method";
    public const string Status = "sip.response.status_code";
    public const string CallId = "atm0s.sip.call.id";
    public const string Direction = "atm0s.sip.direction";
    public const string Room = "atm0s.sip.room";
    public const string Trunk = "atm0s.sip.trunk";
    public const string EndCause = "atm0s.sip.end.cause";
    public const string EndReason = "atm0s.sip.end.reason";
    public const string Hook = "atm0s.sip.hook";
    public const string Outcome = "atm0s.sip.outcome";
    public const string Event = "atm0s.sip.event";
    public const string By = "atm0s.sip.by";
    public const string Digits = "atm0s.sip.digits.count";
    public const string Codec = "atm0s.sip.media.codec";
    public const string PacketsSent = "atm0s.sip.media.packets.sent";
    public const string PacketsReceived = "atm0s.sip.media.packets.received";
    public const string PacketsLost = "atm0s.sip.media.packets.lost";
    public const string Loss = "atm0s.sip.media.loss";
    public const string Jitter = "atm0s.sip.media.jitter_ms";
    public const string RoundTrip = "atm0s.sip.media.round_trip_ms";
    public const string Concealed = "atm0s.sip.media.concealed";
    public const string Mos = "atm0s.sip.media.mos";
    public const string ErrorType = "error.type";
    public const string PeerAddress = "network.peer.address";
    public const string PeerPort = "network.peer.port";
    public const string Transport = "network.transport";
}
