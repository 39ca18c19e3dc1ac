using System.Net;
using Atm0s.Sip.Hooks;
using Atm0s.Sip.Media.Codecs;
using Atm0s.Sip.Media.Codecs.Opus;
using Atm0s.Sip.Media.Srtp;

namespace Atm0s.Sip;

/// <summary>Audio settings.</summary>
public sealed class MediaOptions
{
    private readonly List<IAudioCodec> _addedCodecs = [];

    /// <summary>First UDP port for RTP, 1024 to 65534; an even one is used. Default 40000.</summary>
    public int FirstPort { get; set; } = 40_000;

    /// <summary>Last UDP port for RTP and RTCP. Default 59999: room for 10,000 calls.</summary>
    public int LastPort { get; set; } = 59_999;

    /// <summary>
    /// Address written into SDP instead of the local one, for a server behind NAT or in a container. Default null: the local address
    /// towards the phone.
    /// </summary>
    public IPAddress? AdvertisedAddress { get; set; }

    /// <summary>
    /// Codecs offered and accepted, best first, by encoding name, or as <c>NAME/RATE</c> where there are several of a name. Default opus,
    /// G722, PCMA, PCMU. Opus is
    /// left out when no Opus library loads.
    /// </summary>
    public IList<string> Codecs { get; } = ["opus", "G722", "PCMA", "PCMU"];

    /// <summary>
    /// Opus libraries to try; the first that loads is taken. Empty (default): the system's libopus, then Concentus, which is managed code
    /// and always loads.
    /// </summary>
    public IList<IOpusCodecProvider> OpusProviders { get; } = [];

    /// <summary>Media threads, 1 to 64. Default one for every two processors.</summary>
    public int Threads { get; set; } = Math.Clamp(Environment.ProcessorCount / 2, 1, 64);

    /// <summary>
    /// A call ends when neither RTP nor RTCP comes for so long. 1 s to 1 hour; zero or an infinite time turns it off. Default 30 s. Not
    /// counted while the call is on hold, in whatever form (RFC 3264 §8.4), for then a phone need not send.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether the audio of calls is encrypted (SRTP, RFC 3711). Default <see cref="MediaEncryption.Prefer"/>: it is where phone and way
    /// allow it. A trunk may have another rule (<c>TrunkOptions.Encryption</c>), and a call a stricter one
    /// (<see cref="ParticipantOptions.Encryption"/>).
    /// </summary>
    public MediaEncryption Encryption { get; set; } = MediaEncryption.Prefer;

    /// <summary>Where the keys of the calls that we make come from. Default by the way there. Who calls us chooses himself.</summary>
    public MediaKeyExchange KeyExchange { get; set; }

    /// <summary>
    /// Whether keys may stand in session descriptions (SDES) that go over UDP, TCP or plain WebSocket, where whoever reads them can listen
    /// (RFC 4568 §8.3): for networks that are protected otherwise, a VPN for example. Default false: over TLS and secure WebSocket only.
    /// </summary>
    public bool AllowKeysOverPlainSignalling { get; set; }

    /// <summary>
    /// Suites of SRTP for keys in session descriptions, best first: <c>AEAD_AES_256_GCM</c>, <c>AEAD_AES_128_GCM</c>,
    /// <c>AES_CM_128_HMAC_SHA1_80</c>, <c>AES_CM_128_HMAC_SHA1_32</c>. Default all four, in this order. Of an offer the caller's order counts.
    /// </summary>
    public IList<string> SrtpSuites { get; } = [.. SrtpSuite.All.Select(suite => suite.Name)];

    /// <summary>Bits per second of each Opus stream sent, 6000 to 510000. Default 24000.</summary>
    public int OpusBitrate { get; set; } = 24_000;

    /// <summary>Opus encoder complexity, 0 to 10. Default 5.</summary>
    public int OpusComplexity { get; set; } = 5;

    /// <summary>
    /// Whether the audio of a tick is received and sent by one call of the system in place of one for each packet, where the system allows
    /// it: io_uring of Linux 6.1, which containers often forbid. Default true; the log says what is done.
    /// </summary>
    public bool IoUring { get; set; } = true;

    /// <summary>
    /// How many members of a room are heard at a time, 1 to 16: the loudest; or 0 for all. Default 3. It holds in rooms with two members
    /// more than this and beyond; all who only listen share one encoding then, so a member costs a fraction.
    /// </summary>
    public int MaxSpeakers { get; set; } = 3;

    /// <summary>
    /// Whether rooms hear all phones about as loud, -20 dBov: their gain follows their voice, from -9 to +15 dB. Default false: as they come.
    /// </summary>
    public bool AutomaticGain { get; set; }

    /// <summary>
    /// Whether the packets of a single speaker go to those who hear him as they came, where codec and packet time are the same and nothing
    /// is changed of his voice: two Opus phones hear each other without a second encoding. Opus goes on so at up to twice
    /// <see cref="OpusBitrate"/>. False: all is encoded anew, and nothing of a phone's own encoding reaches another. Default true.
    /// </summary>
    public bool PassThrough { get; set; } = true;

    /// <summary>
    /// Whether packets tell how loud they are, in both directions, to phones and browsers that know it (RFC 6464): then who is not heard
    /// need not be decoded to learn that he begins to talk. In encrypted calls the levels are not encrypted (§6): whoever sees the packets
    /// sees when somebody talks. Default true.
    /// </summary>
    public bool AudioLevels { get; set; } = true;

    /// <summary>
    /// Whether comfort noise (RFC 3389) is offered, and sent in place of silence to who takes it. Default false: silence is sent as it is.
    /// What phones send is taken and heard in any case.
    /// </summary>
    public bool ComfortNoise { get; set; }

    /// <summary>
    /// Whether keys are looked for in the audio as well (ITU-T Q.24), for phones and gateways that send neither telephone events nor INFO.
    /// A key that
    /// comes in several ways is told once. Default false.
    /// </summary>
    public bool DetectInbandDtmf { get; set; }

    /// <summary>
    /// Whether digits go to a phone that takes no telephone events as tones in the audio (ITU-T Q.23), in place of INFO. Default false.
    /// </summary>
    public bool SendInbandDtmf { get; set; }

    /// <summary>
    /// Whether reports tell phones how their audio sounds here: the VoIP metrics of RTCP XR (RFC 3611 §4.7). Who does not know them passes
    /// over them.
    /// Default false.
    /// </summary>
    public bool SendVoipMetrics { get; set; }

    /// <summary>
    /// Differentiated services code point of RTP and RTCP, 0 to 63 (RFC 2474). Default 0: not set. Networks that tell voice from the rest
    /// expect 46, expedited forwarding (RFC 4594 §4.1).
    /// </summary>
    public int Dscp { get; set; }

    /// <summary>
    /// Least delay of the jitter buffer, 0 to 400 ms: more than the network asks for, for those who know that it will get worse. Default 0.
    /// </summary>
    public TimeSpan JitterBufferMinimum { get; set; } = TimeSpan.Zero;

    /// <summary>
    /// Most delay of the jitter buffer, 40 to 400 ms, not below <see cref="JitterBufferMinimum"/>. Default 400 ms. What comes later is
    /// lost.
    /// </summary>
    public TimeSpan JitterBufferMaximum { get; set; } = TimeSpan.FromMilliseconds(400);

    internal IReadOnlyList<IAudioCodec> AddedCodecs => _addedCodecs;

    /// <summary>
    /// Makes a codec of the host known; it is used when <see cref="Codecs"/> names it. One with the name of a codec of the library takes
    /// its place.
    /// </summary>
    /// <param name="codec">8000, 16000 or 48000 Hz.</param>
    /// <returns>These options.</returns>
    public MediaOptions AddCodec(IAudioCodec codec)
    {
        ArgumentNullException.ThrowIfNull(codec);
        _addedCodecs.Add(codec);
        return this;
    }
}
