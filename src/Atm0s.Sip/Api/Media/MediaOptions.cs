using System.Net;

namespace Atm0s.Sip;

/// <summary>Audio settings.</summary>
public sealed class MediaOptions
{
    /// <summary>First UDP port for RTP, 1024 to 65534; an even one is used. Default 40000.</summary>
    public int FirstPort { get; set; } = 40_000;

    /// <summary>Last UDP port for RTP and RTCP. Default 59999: room for 10,000 calls.</summary>
    public int LastPort { get; set; } = 59_999;

    /// <summary>Address written into SDP instead of the local one, for a server behind NAT or in a container. Default null: the local address towards the phone.</summary>
    public IPAddress? AdvertisedAddress { get; set; }

    /// <summary>Codecs offered and accepted, best first, by encoding name. Default opus, PCMA, PCMU. Opus is left out when no Opus library loads.</summary>
    public IList<string> Codecs { get; } = ["opus", "PCMA", "PCMU"];

    /// <summary>Media threads, 1 to 64. Default one for every two processors.</summary>
    public int Threads { get; set; } = Math.Clamp(Environment.ProcessorCount / 2, 1, 64);

    /// <summary>A call ends when no packet comes for so long. 1 s to 1 hour; zero turns it off. Default 30 s. Not counted while a phone is on hold.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Bits per second of each Opus stream sent, 6000 to 510000. Default 24000.</summary>
    public int OpusBitrate { get; set; } = 24_000;

    /// <summary>Opus encoder complexity, 0 to 10. Default 5.</summary>
    public int OpusComplexity { get; set; } = 5;
}
