using System.Net;
using Atm0s.Sip.Media.Dtls;
using Atm0s.Sip.Media.Ice;
using Atm0s.Sip.Media.Rtp;
using Atm0s.Sip.Media.Srtp;

namespace Atm0s.Sip.Media.Mixing;

/// <summary>What offer and answer agreed on.</summary>
public sealed record RtpLegParameters
{
    /// <summary>What we send.</summary>
    public required RtpFormat SendFormat { get; init; }

    /// <summary>
    /// What the peer may send (RFC 3264 §7: any format of the answer), the one it will most likely send first. At least one.
    /// </summary>
    public required IReadOnlyList<RtpFormat> ReceiveFormats { get; init; }

    /// <summary>Telephone events that the peer takes (RFC 4733), or null (default).</summary>
    public RtpEventFormat? SendEvents { get; init; }

    /// <summary>Telephone events that the peer may send. Default none.</summary>
    public IReadOnlyList<RtpEventFormat> ReceiveEvents { get; init; } = [];

    /// <summary>Payload type of comfort noise (RFC 3389) in both directions, or -1 (default).</summary>
    public int ComfortNoisePayloadType { get; init; } = -1;

    /// <summary>
    /// Whether pauses are not sent but described (RFC 3389) when <see cref="ComfortNoisePayloadType"/> is there and its clock, 8 kHz, is
    /// that of the codec.
    /// Default false.
    /// </summary>
    public bool SendComfortNoise { get; init; }

    /// <summary>
    /// Whether keys are looked for in the audio as well (ITU-T Q.24), for phones and gateways without telephone events. A key is told once.
    /// Default false.
    /// </summary>
    public bool DetectInbandDtmf { get; init; }

    /// <summary>
    /// Whether digits are sent as tones when the peer takes no telephone events (ITU-T Q.23). Default false: then they are not sent.
    /// </summary>
    public bool SendInbandDtmf { get; init; }

    /// <summary>Whether reports tell how the peer's stream sounds (RFC 3611 §4.7: <c>a=rtcp-xr:voip-metrics</c>). Default false.</summary>
    public bool SendVoipMetrics { get; init; }

    /// <summary>
    /// Identifier of the header extension in which the peer tells the level of its packets (RFC 6464), 1 to 255; 0 (default): it does not.
    /// </summary>
    public int AudioLevelExtension { get; init; }

    /// <summary>Whether the peer's flag V means something there (RFC 6464 §4: <c>vad=on</c>). Default true.</summary>
    public bool HasVoiceFlag { get; init; } = true;

    /// <summary>
    /// Identifier of the header extension in which the peer is told the level of the packets that we send (RFC 6464), 1 to 255; 0
    /// (default): it is not.
    /// </summary>
    public int SendAudioLevelExtension { get; init; }

    /// <summary>
    /// Whether the packets of a single speaker go to the peer as they came, where codec, packet time and the peer's wishes allow it and
    /// nothing is changed of the audio; and those of the peer out of a room of packets (<see cref="Forwarding.OpusExchange"/>) as they came.
    /// Default false: all is encoded anew.
    /// </summary>
    public bool PassThrough { get; init; }

    /// <summary>Bounds of the jitter buffer.</summary>
    public JitterBufferOptions JitterBuffer { get; init; } = JitterBufferOptions.Default;

    /// <summary>Audio of each packet we send, 10 to 60 ms (RFC 4566 §6: the peer's ptime). Default 20 ms.</summary>
    public TimeSpan PacketTime { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Where the peer's SDP says it listens.</summary>
    public required IPEndPoint Remote { get; init; }

    /// <summary>Where it wants RTCP; default the port above <see cref="Remote"/>. Equal to it: both on one port (RFC 5761).</summary>
    public IPEndPoint? RemoteRtcp { get; init; }

    /// <summary>
    /// Where the peer's signalling comes from: beside the host of <see cref="Remote"/> the only one whose packets are taken. Null
    /// (default): behind a proxy, unknown.
    /// </summary>
    public IPAddress? SignallingAddress { get; init; }

    /// <summary>
    /// Keys of a secure stream (RFC 3711): then nothing goes out unprotected, and nothing that is not authentic is looked at. Null
    /// (default): a plain one. A key that is the same object as before is used on, with what it was used for.
    /// </summary>
    public SrtpKeys? Keys { get; init; }

    /// <summary>
    /// Where the keys come from, when they are agreed on along the path of the media (RFC 5763): until they are there, nothing is sent and
    /// nothing is taken. Null (default): from <see cref="Keys"/>, which is ignored otherwise.
    /// </summary>
    public DtlsParameters? Dtls { get; init; }

    /// <summary>
    /// Whether the path is found by ICE (RFC 8445): then audio goes to, and comes from, only who has proved to know the password. Null
    /// (default): without, by <see cref="Remote"/>.
    /// </summary>
    public IceParameters? Ice { get; init; }

    /// <summary>
    /// Whether both sides agreed on one port for RTP and RTCP (RFC 5761). Default false; then it is so too when <see cref="RemoteRtcp"/>
    /// equals <see cref="Remote"/>.
    /// </summary>
    public bool RtcpMux { get; init; }

    /// <summary>Whether we send audio; default true. RTCP is sent all the same.</summary>
    public bool Send { get; init; } = true;

    /// <summary>Whether what comes is heard; default true. Else packets are dropped.</summary>
    public bool Receive { get; init; } = true;

    /// <summary>
    /// Whether the call is on hold, by either side and in whatever form (RFC 3264 §8.4): nobody needs to send, so silence is no time-out.
    /// Default false.
    /// </summary>
    public bool IsOnHold { get; init; }

    /// <summary>Whether the peer need not send yet, for the call is not answered: its silence is not counted. Default false.</summary>
    public bool IsEarly { get; init; }

    /// <summary>Canonical name in RTCP (RFC 3550 §6.5.1).</summary>
    public string CName { get; init; } = "atm0s";
}
