namespace Atm0s.Sip.Core.Sdp;

/// <summary>One m-line with what belongs to it (RFC 8866 §5.14).</summary>
public sealed record MediaDescription
{
    /// <summary>audio, video, application...</summary>
    public required string Type { get; init; }

    /// <summary>Port; 0 means refused.</summary>
    public required int Port { get; init; }

    /// <summary>Transport profile, for example RTP/AVP.</summary>
    public required string Protocol { get; init; }

    /// <summary>Format tokens as written: payload types for RTP. Empty only where the port is 0.</summary>
    public required IReadOnlyList<string> FormatTokens { get; init; }

    /// <summary>The formats that are payload types, in order.</summary>
    public IReadOnlyList<SdpFormat> Formats { get; init; } = [];

    /// <summary>Address of its own c-line, or null when the session's holds.</summary>
    public string? Connection { get; init; }

    /// <summary>Address type of that line, <c>IP4</c> or <c>IP6</c>, or null.</summary>
    public string? AddressType { get; init; }

    /// <summary>Direction of its own, or null when the session's holds.</summary>
    public SdpDirection? Direction { get; init; }

    /// <summary>Milliseconds of audio in a packet (ptime), or null.</summary>
    public int? PacketTime { get; init; }

    /// <summary>Most milliseconds of audio in a packet (maxptime), or null.</summary>
    public int? MaxPacketTime { get; init; }

    /// <summary>Port of a=rtcp (RFC 3605), or null.</summary>
    public int? RtcpPort { get; init; }

    /// <summary>Whether RTP and RTCP may share a port (RFC 5761).</summary>
    public bool RtcpMux { get; init; }

    /// <summary>All other attributes, in order.</summary>
    public IReadOnlyList<SdpAttribute> Attributes { get; init; } = [];

    /// <summary>Whether it is audio.</summary>
    public bool IsAudio => Type == "audio";
}
