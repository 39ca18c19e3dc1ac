using System.Net;

namespace Atm0s.Sip.Core.Sdp;

/// <summary>What offer and answer agreed on, seen from our side.</summary>
public sealed record NegotiatedAudio
{
    /// <summary>The codec.</summary>
    public required AudioFormat Format { get; init; }

    /// <summary>Payload type of what we send.</summary>
    public required int SendPayloadType { get; init; }

    /// <summary>Payload type of what we receive.</summary>
    public required int ReceivePayloadType { get; init; }

    /// <summary>Payload type of telephone-event that we send (RFC 4733), or null.</summary>
    public int? SendEventPayloadType { get; init; }

    /// <summary>Payload type of telephone-event that we receive, or null.</summary>
    public int? ReceiveEventPayloadType { get; init; }

    /// <summary>Where RTP goes, or null when the other side gave no usable address (hold by 0.0.0.0, or a name).</summary>
    public IPEndPoint? Remote { get; init; }

    /// <summary>Where RTCP goes, or null.</summary>
    public IPEndPoint? RemoteRtcp { get; init; }

    /// <summary>What we do: send, receive, both or neither.</summary>
    public required SdpDirection Direction { get; init; }

    /// <summary>Milliseconds of audio in a packet that the other side wants, or 20.</summary>
    public int PacketTime { get; init; } = 20;
}
