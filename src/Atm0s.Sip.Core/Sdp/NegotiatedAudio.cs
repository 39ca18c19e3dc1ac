using System.Net;
using Atm0s.Sip.Core.Sdp.Security;

namespace Atm0s.Sip.Core.Sdp;

/// <summary>What offer and answer agreed on, seen from our side. Immutable.</summary>
public sealed record NegotiatedAudio
{
    /// <summary>What we send.</summary>
    public required NegotiatedFormat Send { get; init; }

    /// <summary>
    /// What we receive, the one that is most likely used first: the formats that offer and answer both have (RFC 3264 §7), then those of
    /// earlier agreements of the session, whose packets may still be on their way (§8.3.2).
    /// </summary>
    public required IReadOnlyList<NegotiatedFormat> Receive { get; init; }

    /// <summary>Telephone events that we may send, or null.</summary>
    public NegotiatedEvents? SendEvents { get; init; }

    /// <summary>Telephone events that we may receive.</summary>
    public IReadOnlyList<NegotiatedEvents> ReceiveEvents { get; init; } = [];

    /// <summary>Payload type of comfort noise in both directions (RFC 3389), or null.</summary>
    public int? ComfortNoise { get; init; }

    /// <summary>
    /// Where RTP goes; null when the other side gave no usable address: on hold by the address zero, or <see cref="RemoteName"/>.
    /// </summary>
    public IPEndPoint? Remote { get; init; }

    /// <summary>Where RTP goes when the other side gave the name of a host, which has to be looked up (RFC 8866 §5.7); else null.</summary>
    public DnsEndPoint? RemoteName { get; init; }

    /// <summary>Whether RTP and RTCP share a port (RFC 5761).</summary>
    public bool RtcpMux { get; init; }

    /// <summary>Port of RTCP that the other side names (RFC 3605); null for the one above RTP's.</summary>
    public int? RtcpPort { get; init; }

    /// <summary>
    /// Where RTCP goes: <see cref="Remote"/> itself when RTP and RTCP share a port, else <see cref="RtcpPort"/> or the port above. Null
    /// when there is none.
    /// </summary>
    public IPEndPoint? RemoteRtcp => Remote switch
    {
        null => null,
        _ when RtcpMux => Remote,
        _ => (RtcpPort ?? Remote.Port + 1) is <= 65535 and var port ? new IPEndPoint(Remote.Address, port) : null,
    };

    /// <summary>What we do: send, receive, both or neither.</summary>
    public required SdpDirection Direction { get; init; }

    /// <summary>Whether the stream is refused or ended (port 0, RFC 3264 §8.2); the session goes on without audio.</summary>
    public bool IsOff { get; init; }

    /// <summary>Milliseconds of audio in each packet we send, 10 to 60: what the other side wants, as far as the codec can.</summary>
    public int PacketTime { get; init; } = 20;

    /// <summary>The header extension that tells the level of packets (RFC 6464), or null.</summary>
    internal AgreedAudioLevel? AudioLevel { get; init; }

    /// <summary>How it is protected, and how its way is found; null for plain RTP.</summary>
    internal AgreedSecurity? Security { get; init; }

    /// <summary>Name of the stream (RFC 5888), or null.</summary>
    internal string? Mid { get; init; }

    /// <summary>Whether it is in a bundle (RFC 8843), alone.</summary>
    internal bool IsBundled { get; init; }

    /// <summary>Whether the other side can be reached at no address, and by no other means: on hold by the address zero.</summary>
    internal bool IsNowhere => Remote is null && RemoteName is null && !IceRules.FindsTheWay(Security);

    /// <summary>Whether one side at least does not both send and receive (RFC 3264 §8.4): then silence says nothing.</summary>
    public bool IsOnHold => Direction != SdpDirection.SendRecv;
}
