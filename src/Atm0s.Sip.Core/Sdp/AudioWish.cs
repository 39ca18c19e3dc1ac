using Atm0s.Sip.Core.Sdp.Security;

namespace Atm0s.Sip.Core.Sdp;

/// <summary>What we want of an audio stream: goes into every offer and answer of one session.</summary>
public sealed record AudioWish
{
    /// <summary>Codecs, best first. At least one.</summary>
    public required IReadOnlyList<AudioFormat> Formats { get; init; }

    /// <summary>Direction that we want. Default both.</summary>
    public SdpDirection Direction { get; init; } = SdpDirection.SendRecv;

    /// <summary>Milliseconds of audio that we ask for in a packet. Default 20.</summary>
    public int PacketTime { get; init; } = 20;

    /// <summary>
    /// The packet time that the codec of a format does: as near to the wanted one as it gets without being longer, both in milliseconds.
    /// Null (default): every codec does every one.
    /// </summary>
    public Func<NegotiatedFormat, int, int>? PacketTimeOf { get; init; }

    /// <summary>Whether comfort noise is offered (RFC 3389). Default false. What the other side offers is taken in any case.</summary>
    public bool OfferComfortNoise { get; init; }

    /// <summary>Whether the level of packets is offered and agreed to (RFC 6464). Default false.</summary>
    internal bool UsesAudioLevels { get; init; }

    /// <summary>What offers and answers may say of keys. Null (default): nothing, and secure profiles are refused.</summary>
    internal SecurityWish? Security { get; init; }
}
