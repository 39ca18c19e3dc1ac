using System.Net;
using Atm0s.Sip.Media.Codecs;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>What offer and answer agreed on.</summary>
public sealed record RtpLegParameters
{
    /// <summary>Codec of both directions.</summary>
    public required IAudioCodec Codec { get; init; }

    /// <summary>Payload type of what we send, 0 to 127.</summary>
    public required byte SendPayloadType { get; init; }

    /// <summary>Payload type of what we receive, 0 to 127.</summary>
    public required byte ReceivePayloadType { get; init; }

    /// <summary>Payload type of telephone-event that we receive (RFC 4733), or -1 (default).</summary>
    public int TelephoneEventPayloadType { get; init; } = -1;

    /// <summary>Payload type of the telephone events that the peer takes, with the clock of the codec, or -1 (RFC 4733). Default -1.</summary>
    public int SendTelephoneEventPayloadType { get; init; } = -1;

    /// <summary>Where the peer's SDP says it listens.</summary>
    public required IPEndPoint Remote { get; init; }

    /// <summary>Where it wants RTCP; default the port above <see cref="Remote"/>. Equal to it: both on one port (RFC 5761).</summary>
    public IPEndPoint? RemoteRtcp { get; init; }

    /// <summary>Where the peer's signalling comes from: beside the host of <see cref="Remote"/> the only one whose packets are taken. Null (default) takes any.</summary>
    public IPAddress? SignallingAddress { get; init; }

    /// <summary>Whether we send audio; default true. RTCP is sent all the same.</summary>
    public bool Send { get; init; } = true;

    /// <summary>Whether what comes is heard; default true. Else packets are dropped and there is no media time-out.</summary>
    public bool Receive { get; init; } = true;

    /// <summary>Canonical name in RTCP (RFC 3550 §6.5.1).</summary>
    public string CName { get; init; } = "atm0s";
}
