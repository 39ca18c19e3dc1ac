namespace Atm0s.Sip.Core.Sdp;

/// <summary>A session description (RFC 8866). Immutable.</summary>
public sealed record SessionDescription
{
    /// <summary>The o-line.</summary>
    public required SdpOrigin Origin { get; init; }

    /// <summary>The s-line.</summary>
    public string SessionName { get; init; } = "-";

    /// <summary>Address of the session's c-line, or null.</summary>
    public string? Connection { get; init; }

    /// <summary>Direction of the session, or null when none is given.</summary>
    public SdpDirection? Direction { get; init; }

    /// <summary>The m-lines, in order.</summary>
    public required IReadOnlyList<MediaDescription> Media { get; init; }

    /// <summary>All other attributes of the session, in order.</summary>
    public IReadOnlyList<SdpAttribute> Attributes { get; init; } = [];

    /// <summary>The first audio stream that is not refused, or null.</summary>
    public MediaDescription? Audio => Media.FirstOrDefault(m => m.IsAudio && m.Port != 0);

    /// <summary>Address of a stream: its own, else the session's.</summary>
    public string? AddressOf(MediaDescription media) => media.Connection ?? Connection;

    /// <summary>Direction of a stream: its own, else the session's, else sendrecv (RFC 8866 §6.7). The address 0.0.0.0 means hold, as in RFC 2543.</summary>
    public SdpDirection DirectionOf(MediaDescription media)
    {
        var direction = media.Direction ?? Direction ?? SdpDirection.SendRecv;
        return AddressOf(media) == "0.0.0.0" ? direction & SdpDirection.SendOnly : direction;
    }
}
